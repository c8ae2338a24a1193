// Writes docs/cli.md from the commands' own data, or with --check fails when it is not current. Reads dist/, so build first.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { commands } from '../dist/commands/all-commands.js';
import { explain, overview } from '../dist/commands/framework/help.js';

const file = new URL('../docs/cli.md', import.meta.url);
const anchor = (name) => `clientele-${name.replaceAll(' ', '-')}`;
const block = (text) => ['```text', text, '```', ''];

const written = [
  '# Command line',
  '',
  '<!-- Written by npm run generated:write from src/commands; edit there. -->',
  '',
  'In a checkout, `npm run --silent clientele -- COMMAND` builds and runs it; in an installation it is `node dist/cli.js`, or',
  '`clientele` where the package is linked. Results go to standard output, everything else to standard error. Colours only on a',
  'terminal, and never with `NO_COLOR`. Ctrl-C ends a command cleanly, with exit code 130 where the work was not done.',
  '[Operations](operations.md) tells when to use what, [deploying](guides/deploying.md#which-command-needs-which-role) how to run it in a',
  'container, and as which role of the database. Secrets are read from files as well: `MASTER_KEY_FILE` for `MASTER_KEY`.',
  '',
  ...block(overview({ group: '', commands })),
  ...commands.map(({ name, summary }) => `- [\`clientele ${name}\`](#${anchor(name)}): ${summary}`),
  '',
  ...commands.flatMap((command) => [`## clientele ${command.name}`, '', ...block(explain(command))]),
].join('\n');

const current = existsSync(file) ? readFileSync(file, 'utf8') : '';
if (!process.argv.includes('--check')) {
  writeFileSync(file, written);
} else if (current.trim() !== written.trim()) {
  console.error('docs/cli.md is not current: npm run generated:write');
  process.exitCode = 1;
}
