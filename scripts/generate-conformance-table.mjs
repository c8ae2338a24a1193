// Writes the table of conformance tests into their document, or with --check fails when the table there is not current.
// Reads dist/, so build first.
import { allChapters } from '../dist/conformance/all-chapters.js';
import { keepTable } from './generated-table.mjs';

keepTable(new URL('../test/conformance/README.md', import.meta.url), 'conformance tests', [
  ['Test', 'Level', 'Profiles', 'Reference', 'What a server does'],
  ...allChapters.flatMap(({ title, tests }) => [
    [`**${title}**`, '', '', '', ''],
    ...tests.map(({ id, level, profiles, reference, title }) => [
      `\`${id}\``,
      level,
      profiles.join(', '),
      reference,
      title.replaceAll('|', '\\|'),
    ]),
  ]),
]);
