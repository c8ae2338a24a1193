import { readFileSync, readdirSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  mergeJson,
  policyCaseUris,
  policyCases,
  type PolicyCase,
} from '../../../test/support/policy-cases.js';
import { shippedBundle, unpackBundle, withProfiles } from '../../../test/support/policy-bundles.js';
import type { JsonObject } from '../../contract/json.js';
import { parsePolicyUri } from '../../domain/metadata/policy-client.js';
import type { PolicyDecision } from '../../domain/policy/policy-decision.js';
import type { PolicyInput } from '../../domain/policy/policy-input.js';
import { PolicyHost } from './policy-host.js';
import { PolicyUnavailable } from './policy-unavailable.js';

const cases = policyCases();
/** Registration refuses these, so that no policy should ever see them; the rules must not rely on it. */
const REFUSED_BEFORE_THE_POLICY: readonly string[] = [
  'https://chatgpt.com/connector/oauth/../../x',
  'https://chatgpt.com/connector/oauth/%2e%2e/x',
  'https://chatgpt.com/connector/oauth/..;/x',
  'https://evil.example./cb',
  'javascript:alert(1)',
];

describe('the table of cases, in WebAssembly', () => {
  let host: PolicyHost;
  let digest: string;

  beforeAll(async () => {
    host = new PolicyHost({ protocolMembers: new Set(), deadline: 10_000 });
    ({ digest } = await host.load(await bundleForCases()));
  });

  afterAll(() => host.close());

  const decide = async (input: PolicyInput): Promise<PolicyDecision> =>
    (await host.evaluate(digest, input)).decision;

  /** The decision as the table writes it down; `none` where the policy has none. */
  async function answer(input: PolicyInput, { expected }: PolicyCase): Promise<object> {
    try {
      const { outcome, violations, reviews, warnings, obligations } = await decide(input);
      const shown = 'obligations' in expected ? { obligations } : {};
      return { outcome, codes: codes([...violations, ...reviews]), warnings: codes(warnings), ...shown };
    } catch (error) {
      if (error instanceof PolicyUnavailable && error.reason === 'undefined') return { outcome: 'none' };
      throw error;
    }
  }

  it.each(cases.map((one, index) => ({ one, index, name: one.name })))('$name', async ({ one, index }) => {
    expect(await answer(inputOf(one, index), one)).toEqual(one.expected);
  });

  it('replays: the same input gives the same bytes', async () => {
    const decidable = cases.map((one, index) => ({ ...one, input: inputOf(one, index) })).filter(hasDecision);
    const first = await Promise.all(decidable.map(({ input }) => decide(input)));
    const again = await Promise.all(decidable.toReversed().map(({ input }) => decide(input)));
    expect(again.toReversed().map((one) => JSON.stringify(one))).toEqual(
      first.map((one) => JSON.stringify(one)),
    );
  });

  it('P1 judges a replacement no laxer than a registration of the same client', async () => {
    const previous = {
      client: cases.find(({ expected }) => expected.outcome === 'allow')!.input.client,
      custom: {},
    };
    const inputs = cases.flatMap((one, index) => (hasDecision(one) ? [inputOf(one, index)] : []));
    const registered = inputs.map((input) => decide({ ...input, action: 'register', previous: null }));
    const replaced = inputs.map((input) => decide({ ...input, action: 'replace', previous }));
    expect(await Promise.all(replaced)).toEqual(await Promise.all(registered));
  });
});

describe('the table of cases', () => {
  const schema = JSON.parse(readPolicyFile('schemas/input.json')) as JsonObject;
  const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);

  it.each(cases.filter(hasDecision))('$name: the input satisfies the schema', ({ input }) => {
    validate(input);
    expect(validate.errors).toBeNull();
  });

  it('holds every member of the input, and the schema no other', () => {
    const members: Record<keyof PolicyInput, true> = {
      version: true,
      action: true,
      now: true,
      realm: true,
      profile: true,
      channel: true,
      caller: true,
      client: true,
      declared: true,
      custom: true,
      custom_errors: true,
      previous: true,
      statement: true,
      document: true,
      subject: true,
      resource: true,
      facts: true,
    };
    expect(Object.keys(schema['properties'] as JsonObject).sort()).toEqual(Object.keys(members).sort());
    expect(schema['required']).toEqual(Object.keys(schema['properties'] as JsonObject));
  });

  const uris = Object.entries(policyCaseUris());

  it.each(uris.filter(([raw]) => !REFUSED_BEFORE_THE_POLICY.includes(raw)))(
    '%s is parsed as registration parses it',
    (raw, parsed) => expect(parsePolicyUri(raw)).toEqual(parsed),
  );

  it.each(REFUSED_BEFORE_THE_POLICY)('%s is refused before the policy is asked', (raw) => {
    expect(() => parsePolicyUri(raw)).toThrow(TypeError);
  });

  it('has a case for every real client', () => {
    const names = new Set(cases.map(({ name }) => name));
    const fixtures = new URL('../../../test/fixtures/dcr/', import.meta.url);
    const missing = readdirSync(fixtures).filter((file) => !names.has(`real_clients: dcr/${file}`));
    expect(missing).toEqual([]);
  });
});

describe('the shipped bundle', () => {
  it('holds the profiles as they lie in policies/', async () => {
    const data = JSON.parse(
      (await unpackBundle(shippedBundle())).get('/data.json')!.toString(),
    ) as JsonObject;
    const profiles = readdirSync(new URL('../../../policies/profiles/', import.meta.url));
    const written = profiles.map((name) => [name, JSON.parse(readPolicyFile(`profiles/${name}/data.json`))]);
    expect(data['profiles']).toEqual(Object.fromEntries(written));
  });
});

/** The shipped bundle with one more profile for every case that changes settings. */
async function bundleForCases(): Promise<Buffer> {
  const settings = JSON.parse(readPolicyFile('profiles/default/data.json')) as JsonObject;
  const changed = cases.flatMap(({ settings: changes }, index) =>
    changes === undefined ? [] : [[profileOf(index), mergeJson(settings, changes)]],
  );
  return withProfiles(shippedBundle(), { default: settings, ...Object.fromEntries(changed) });
}

function inputOf({ input, settings }: PolicyCase, index: number): PolicyInput {
  return settings === undefined ? input : { ...input, profile: profileOf(index) };
}

function profileOf(index: number): string {
  return `case-${index}`;
}

function hasDecision({ expected }: PolicyCase): boolean {
  return expected.outcome !== 'none';
}

function codes(findings: readonly { code: string }[]): string[] {
  return [...new Set(findings.map(({ code }) => code))].sort();
}

function readPolicyFile(path: string): string {
  return readFileSync(new URL(`../../../policies/${path}`, import.meta.url), 'utf8');
}
