// Writes docs/openapi/ from the metadata table, or with --check fails when what is there is not current. Reads dist/, so
// build first.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { METADATA_TABLE } from '../dist/domain/metadata/metadata-table.js';
import { clientMetadataSchema } from '../dist/features/registration/openapi/metadata-schemas.js';
import { registrationDocument } from '../dist/features/registration/openapi/registration-document.js';

const documents = {
  'registration.json': registrationDocument({ issuer: 'http://localhost:3000', registration: 'open' }),
  'client-metadata.schema.json': {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...clientMetadataSchema(METADATA_TABLE),
  },
};

for (const [name, document] of Object.entries(documents)) {
  const file = new URL(`../docs/openapi/${name}`, import.meta.url);
  if (!process.argv.includes('--check')) {
    mkdirSync(new URL('.', file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
  } else if (!existsSync(file) || !isSame(JSON.parse(readFileSync(file, 'utf8')), document)) {
    console.error(`docs/openapi/${name} is not current: npm run generated:write`);
    process.exitCode = 1;
  }
}

/** Prettier sets the lines; only the content counts here. */
function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}
