// Lints the OpenAPI document by the rules of redocly.yaml; a warning fails as well.
import { fileURLToPath } from 'node:url';
import { formatProblems, getTotals, lint, loadConfig } from '@redocly/openapi-core';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const config = await loadConfig({ configPath: at('redocly.yaml') });
const problems = await lint({ ref: at('docs/openapi/registration.json'), config });
if (problems.length > 0) {
  formatProblems(problems, { format: 'stylish', totals: getTotals(problems) });
  process.exitCode = 1;
}
