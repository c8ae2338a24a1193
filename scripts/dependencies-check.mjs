// Fails when a package of package.json has no row in docs/dependencies.md, has several, or a row has no package.
import { readFileSync } from 'node:fs';

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const { dependencies = {}, devDependencies = {} } = JSON.parse(read('package.json'));
const packages = new Set([...Object.keys(dependencies), ...Object.keys(devDependencies)]);
/** A row of a table begins with the name of its package as code. */
const rows = [...read('docs/dependencies.md').matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name);

const problems = [
  ...[...packages].filter((name) => !rows.includes(name)).map((name) => `${name} has no row`),
  ...rows.filter((name) => !packages.has(name)).map((name) => `${name} has a row, but package.json lacks it`),
  ...rows.filter((name, index) => rows.indexOf(name) !== index).map((name) => `${name} has several rows`),
];
if (problems.length > 0) {
  process.stderr.write(`docs/dependencies.md does not fit package.json:\n  ${problems.join('\n  ')}\n`);
  process.exitCode = 1;
}
