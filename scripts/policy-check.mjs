// Judges a policy folder: formatting, types against the input schema, profiles against theirs, tests.
//
//   node scripts/policy-check.mjs [--source policies]
import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { BESIDE_THE_POLICY, POLICIES, fail, opa } from './policy-opa.mjs';

const { values } = parseArgs({ options: { source: { type: 'string', default: POLICIES } } });
const source = resolve(values.source);
const notRego = BESIDE_THE_POLICY.filter((name) => name !== 'cases').flatMap((name) => ['--ignore', name]);
const schemas = join(POLICIES, 'schemas');
const capabilities = join(POLICIES, 'capabilities.json');

const unformatted = opa(['fmt', '--list', '.'], source).trim();
if (unformatted) fail(`not formatted; run: opa fmt --write ${source}\n${unformatted}`);

// Tests may use what the service does not serve, so the policy alone is held to the capabilities.
opa(['check', '--strict', '--schema', schemas, ...notRego, '.'], source);
opa(['check', '--capabilities', capabilities, ...notRego, '--ignore', '*_test.rego', '.'], source);

const valid = new Ajv2020({ allErrors: true }).compile(
  JSON.parse(readFileSync(join(schemas, 'profile.json'), 'utf8')),
);
for (const profile of readdirSync(join(source, 'profiles'))) {
  const settings = JSON.parse(readFileSync(join(source, 'profiles', profile, 'data.json'), 'utf8'));
  if (valid(settings)) continue;
  const faults = valid.errors.map(({ instancePath, message }) => `  ${instancePath || '/'} ${message}`);
  fail(`profiles/${profile}/data.json:\n${faults.join('\n')}`);
}

// The table of cases is one test to OPA, whose own limit of five seconds is for a quiet machine.
process.stdout.write(opa(['test', '--timeout', '60s', ...notRego, '.'], source));
