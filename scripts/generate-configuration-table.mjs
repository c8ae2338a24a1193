// Writes the table of environment variables into README.md, or with --check fails when the table there is not current.
// Reads dist/, so build first.
import { configurationTable } from '../dist/platform/config/configuration-table.js';
import { keepTable } from './generated-table.mjs';

keepTable(new URL('../README.md', import.meta.url), 'configuration table', [
  ['Variable', 'What it is', 'When not set'],
  ...Object.entries(configurationTable).map(([name, { description, unset, secret }]) => [
    `\`${name}\``,
    description + (secret ? ` Secret; or a file that holds it, in \`${name}_FILE\`.` : ''),
    unset,
  ]),
]);
