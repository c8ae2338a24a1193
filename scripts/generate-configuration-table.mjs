// Prints the README's table of environment variables as Markdown. Run `npm run build` first: it reads dist/.
import { configurationTable } from '../dist/platform/config/configuration-table.js';

const rows = Object.entries(configurationTable).map(([name, { description, unset, secret }]) => [
  `\`${name}\``,
  description + (secret ? ' Secret.' : ''),
  unset,
]);

for (const cells of [['Variable', 'What it is', 'When not set'], ['---', '---', '---'], ...rows]) {
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
}
