// Writes the table of environment variables into README.md, or with --check fails when the table there is not current.
// Reads dist/, so build first.
import { readFileSync, writeFileSync } from 'node:fs';
import { configurationTable } from '../dist/platform/config/configuration-table.js';

const readme = new URL('../README.md', import.meta.url);
const section = /(<!-- configuration table:[^\n]*-->\n)[\s\S]*?(<!-- end of configuration table -->)/;

const rows = Object.entries(configurationTable).map(([name, { description, unset, secret }]) => [
  `\`${name}\``,
  description + (secret ? ' Secret.' : ''),
  unset,
]);
const lines = [['Variable', 'What it is', 'When not set'], ['---', '---', '---'], ...rows];
const table = lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const current = readFileSync(readme, 'utf8');
const written = current.replace(section, (_, begin, end) => `${begin}\n${table}\n\n${end}`);
if (!section.test(current)) {
  console.error('README.md has no place for the configuration table');
  process.exitCode = 1;
} else if (process.argv.includes('--check')) {
  if (withoutLayout(written) !== withoutLayout(current)) {
    console.error('The configuration table in README.md is not current: npm run generated:write');
    process.exitCode = 1;
  }
} else {
  writeFileSync(readme, written);
}

/** Prettier aligns the columns; only the content counts here. */
function withoutLayout(text) {
  return text.replace(/-{3,}/g, '---').replace(/ +/g, ' ');
}
