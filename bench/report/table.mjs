// Tables in Markdown that can be read without rendering.

/**
 * @param {readonly string[]} headings one that begins with `>` is set to the right
 * @param {readonly (readonly string[])[]} rows
 * @returns {string} ends with a line break
 */
export function table(headings, rows) {
  const right = headings.map((heading) => heading.startsWith('>'));
  const titles = headings.map((heading) => heading.replace(/^>/, ''));
  const cells = [titles, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = titles.map((_, column) => Math.max(3, ...cells.map((row) => row[column].length)));
  const line = (row) =>
    `| ${row.map((cell, n) => (right[n] ? cell.padStart(widths[n]) : cell.padEnd(widths[n]))).join(' | ')} |\n`;
  const rule = widths.map((width, n) => (right[n] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  const [head, ...body] = cells.map(line);
  return `${head}${line(rule)}${body.join('')}`;
}
