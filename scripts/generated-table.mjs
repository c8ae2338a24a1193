// Tables in documents that are made from tables in the source.
import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Writes a table between its two comments in a document, or with --check on the command line fails when the one there is
 * not current.
 *
 * @param {URL} file the document
 * @param {string} name as the comments have it: `<!-- NAME: … -->` and `<!-- end of NAME -->`
 * @param {readonly (readonly string[])[]} rows the first is the heading
 */
export function keepTable(file, name, [heading, ...rows]) {
  const section = new RegExp(`(<!-- ${name}:[^\\n]*-->\\n)[\\s\\S]*?(<!-- end of ${name} -->)`);
  const lines = [heading, heading.map(() => '---'), ...rows];
  const table = lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');

  const current = readFileSync(file, 'utf8');
  const written = current.replace(section, (_, begin, end) => `${begin}\n${table}\n\n${end}`);
  if (!section.test(current)) {
    console.error(`${file.pathname} has no place for the ${name}`);
    process.exitCode = 1;
  } else if (process.argv.includes('--check')) {
    if (withoutLayout(written) !== withoutLayout(current)) {
      console.error(`The ${name} in ${file.pathname} is not current: npm run generated:write`);
      process.exitCode = 1;
    }
  } else {
    writeFileSync(file, written);
  }
}

/** Prettier aligns the columns; only the content counts here. */
function withoutLayout(text) {
  return text.replace(/-{3,}/g, '---').replace(/ +/g, ' ');
}
