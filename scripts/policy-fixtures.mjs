// Builds the bundles that the specs of the policy host need, each from the folder beside it.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildBundle } from './policy-bundle-file.mjs';

const fixtures = fileURLToPath(new URL('../src/platform/opa/fixtures', import.meta.url));

for (const entry of readdirSync(fixtures, { withFileTypes: true })) {
  if (!entry.isDirectory()) continue;
  const source = join(fixtures, entry.name);
  writeFileSync(`${source}.tar.gz`, await buildBundle({ source, revision: entry.name, capabilities: null }));
}
