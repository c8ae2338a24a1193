// Writes everything that is made from code: tables in documents, the command reference, OpenAPI.
//
//   node scripts/generated.mjs [--check]
//
// With --check nothing is written; it fails when a file is not what the code makes of it.
import { spawnSync } from 'node:child_process';

const GENERATORS = [
  'generate-configuration-table',
  'generate-command-reference',
  'generate-metrics-table',
  'generate-metadata-table',
  'generate-openapi',
  'generate-conformance-table',
];
const FORMATTED = [
  'README.md',
  'docs/guides/observability.md',
  'docs/guides/registration.md',
  'docs/openapi',
  'test/conformance/README.md',
];

const check = process.argv.includes('--check');
run('node', ['scripts/build.mjs']);
for (const name of GENERATORS) run('node', [`scripts/${name}.mjs`, ...(check ? ['--check'] : [])]);
if (check) run('node', ['scripts/dependencies-check.mjs']);
else run('npx', ['prettier', '--log-level', 'warn', '--write', ...FORMATTED]);

function run(command, parameters) {
  const { status } = spawnSync(command, parameters, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
