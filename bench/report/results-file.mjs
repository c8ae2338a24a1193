// bench/RESULTS.md: every recorded run, the newest on top.

/**
 * @param {string} file what it says so far: an introduction, then sections of level two
 * @param {string} section of the new run, ends with a line break
 * @returns {string} what it says now
 */
export function recordResult(file, section) {
  const first = file.search(/^## /m);
  const introduction = (first === -1 ? file : file.slice(0, first)).trimEnd();
  const history = first === -1 ? '' : `\n${file.slice(first)}`;
  return `${introduction}\n\n${section}${history}`;
}
