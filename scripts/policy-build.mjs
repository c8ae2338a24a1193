// Builds a policy folder into a bundle: WebAssembly, data and sources in OPA's own format.
//
//   node scripts/policy-build.mjs [--source policies] [--output policies/bundle/admission.tar.gz] [--check]
//
// With --check nothing is written; it fails when the file at the output is not what the sources build to.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildBundle } from './policy-bundle-file.mjs';
import { BESIDE_THE_POLICY, POLICIES, fail } from './policy-opa.mjs';

const { values } = parseArgs({
  options: {
    source: { type: 'string', default: POLICIES },
    output: { type: 'string' },
    check: { type: 'boolean', default: false },
  },
});
const source = resolve(values.source);
const output = resolve(values.output ?? join(source, 'bundle', 'admission.tar.gz'));
const shown = relative(process.cwd(), output);

const revision = revisionOf(source);
const bundle = await buildBundle({ source, revision, capabilities: join(POLICIES, 'capabilities.json') });
if (values.check) {
  if (!sameAs(bundle)) fail(`${shown} is not what the policy sources build to; run: npm run policy:build`);
} else {
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, bundle);
  process.stdout.write(`${shown}: revision ${revision}, ${bundle.length} bytes\n`);
}

/** A short digest of what goes into the bundle, so that equal policies have equal revisions wherever they are built. */
function revisionOf(folder) {
  const digest = createHash('sha256');
  for (const path of sourceFiles(folder).sort()) {
    const content = readFileSync(join(folder, path));
    digest.update(`${path}\0${content.length}\0`).update(content);
  }
  return digest.digest('hex').slice(0, 12);
}

function sourceFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && (entry.name.endsWith('.rego') || entry.name === 'data.json'))
    .filter((entry) => !entry.name.endsWith('_test.rego'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((path) => !BESIDE_THE_POLICY.includes(path.split('/')[0]));
}

function sameAs(bytes) {
  try {
    return readFileSync(output).equals(bytes);
  } catch {
    return false;
  }
}
