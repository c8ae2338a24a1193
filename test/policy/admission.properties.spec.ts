import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClientMetadata } from '../../src/contract/client-metadata.js';
import type { JsonObject } from '../../src/contract/json.js';
import type { TokenConstraints } from '../../src/contract/policy.js';
import { policyInput } from '../../src/application/admission/policy-input.js';
import type { RealmEntry } from '../../src/application/realms/realm-registry.js';
import { METADATA_TABLE } from '../../src/domain/metadata/metadata-table.js';
import { parseClientMetadata } from '../../src/domain/metadata/parse-client-metadata.js';
import type { ParsedMetadata } from '../../src/domain/metadata/parse-options.js';
import { toPolicyClient } from '../../src/domain/metadata/policy-client.js';
import type { PolicyDecision } from '../../src/domain/policy/policy-decision.js';
import type { PolicyCaller, PolicyInput } from '../../src/domain/policy/policy-input.js';
import { PolicyHost } from '../../src/platform/opa/policy-host.js';
import { parseOptions, SERVER } from '../support/metadata-parsing.js';
import { shippedBundle, unpackBundle, withProfiles } from '../support/policy-bundles.js';
import { foreignMembers, registrationBody } from '../support/registration-bodies.js';

/** The threats of the family that other servers fell for: rules that an update, an omission or a suffix leads around. */

const SEVERITY = { allow: 0, review: 1, deny: 2 } as const;
const NOW = Date.parse('2026-01-01T00:00:00Z');
/** With OpenID Connect, so that every row of the table counts. */
const OPTIONS = parseOptions({ scopes: [...SERVER.scopes, 'openid'] });
/** Patterns of lists, and the profile that has only this one. */
const PATTERNS = ['a.example', '*.a.example', '*.b.a.example', 'x.y', '*.example', 'EXAMPLE.a'];

let host: PolicyHost;
let digest: string;

beforeAll(async () => {
  host = new PolicyHost({ protocolMembers: new Set(), deadline: 20_000 });
  const shipped = await unpackBundle(shippedBundle());
  const { profiles } = JSON.parse(shipped.get('/data.json')!.toString()) as { profiles: JsonObject };
  const standard = profiles['default'] as JsonObject;
  const own = PATTERNS.flatMap((pattern, index) => [
    [`allows-${index}`, { ...standard, allowed_domains: [pattern] }],
    [`denies-${index}`, { ...standard, denied_domains: [pattern] }],
  ]) as [string, JsonObject][];
  const bundle = await withProfiles(shippedBundle(), { ...profiles, ...Object.fromEntries(own) });
  ({ digest } = await host.load(bundle));
});
afterAll(() => host.close());

const anonymous: PolicyCaller = {
  kind: 'anonymous',
  method: null,
  token_id: null,
  constraints: null,
  ip: '203.0.113.7',
};
const tokenConstraints: fc.Arbitrary<TokenConstraints | null> = fc.option(
  fc.record(
    {
      scopes: fc.subarray(['mcp:tools', 'offline_access']),
      redirect_hosts: fc.subarray(['reports.acme.example', 'claude.ai', '*.evil.example'], { minLength: 1 }),
      grant_types: fc.subarray(['refresh_token']).map((others) => ['authorization_code', ...others]),
      token_endpoint_auth_methods: fc.subarray(['none', 'client_secret_basic'], { minLength: 1 }),
    },
    { requiredKeys: [] },
  ),
);

interface Question {
  readonly action: 'register' | 'replace';
  readonly caller: PolicyCaller;
  readonly asked: ParsedMetadata;
  readonly previous?: ClientMetadata;
  readonly profile?: string;
}

function inputOf({ action, caller, asked, previous, profile = 'default' }: Question): PolicyInput {
  const realm = { state: { name: 'default', profile } } as RealmEntry;
  return policyInput({
    action,
    realm,
    now: NOW,
    caller,
    channel: 'dynamic',
    asked,
    previous: previous ?? null,
  });
}

async function decide(question: Question): Promise<PolicyDecision> {
  return (await host.evaluate(digest, inputOf(question))).decision;
}

function wellFormed(body: JsonObject): ParsedMetadata {
  const result = parseClientMetadata(body, OPTIONS);
  fc.pre(result.ok);
  return result;
}

/** Whoever registers with a token stays bound to it as the client. */
function callers(constraints: TokenConstraints | null): { registrant: PolicyCaller; client: PolicyCaller } {
  const token = constraints === null ? null : 'iat_1';
  const kind = constraints === null ? 'anonymous' : 'initial_access_token';
  return {
    registrant: { ...anonymous, kind, method: token && kind, token_id: token, constraints },
    client: {
      ...anonymous,
      kind: 'client',
      method: 'registration_access_token',
      token_id: token,
      constraints,
    },
  };
}

describe('P1 and P2: an update', () => {
  test('is never laxer than registering its result, whatever the client was before', () =>
    fc.assert(
      fc.asyncProperty(
        registrationBody,
        registrationBody,
        tokenConstraints,
        async (before, after, constraints) => {
          const { registrant, client } = callers(constraints);
          const asked = wellFormed(after);
          const registered = await decide({ action: 'register', caller: registrant, asked });
          const replaced = await decide({
            action: 'replace',
            caller: client,
            asked,
            previous: wellFormed(before).metadata,
          });
          expect(SEVERITY[replaced.outcome]).toBeGreaterThanOrEqual(SEVERITY[registered.outcome]);
          expect(replaced.violations).toEqual(expect.arrayContaining([...registered.violations]));
          expect(replaced.reviews).toEqual(expect.arrayContaining([...registered.reviews]));
          expect(laxer(replaced.obligations, registered.obligations)).toEqual([]);
        },
      ),
      { numRuns: 300 },
    ));

  test('puts the whole old client before the policy, beside the whole new one', () =>
    fc.assert(
      fc.property(registrationBody, registrationBody, (before, after) => {
        const [old, asked] = [wellFormed(before), wellFormed(after)];
        const { client } = callers(null);
        const input = inputOf({ action: 'replace', caller: client, asked, previous: old.metadata });
        expect(input.previous).toEqual({ client: toPolicyClient(old.metadata), custom: {} });
        expect(input.client).toEqual(toPolicyClient(asked.metadata));
      }),
    ));
});

describe('P3: leaving a member out', () => {
  test('is judged as sending its default', () =>
    fc.assert(
      fc.asyncProperty(registrationBody, async (body) => {
        const left = wellFormed(body);
        const defaults = METADATA_TABLE.flatMap(({ name, default: { kind } }) =>
          kind !== 'none' && !(name in body) && name in left.metadata.members
            ? [[name, left.metadata.members[name]]]
            : [],
        );
        const said = parseClientMetadata({ ...body, ...Object.fromEntries(defaults) }, OPTIONS);
        expect(said).toMatchObject({ ok: true, metadata: left.metadata });
        const asked = { ...(said as ParsedMetadata), declared: left.declared };
        expect(await decide({ action: 'register', caller: anonymous, asked })).toEqual(
          await decide({ action: 'register', caller: anonymous, asked: left }),
        );
      }),
      { numRuns: 200 },
    ));

  test('every default of the table is met by the bodies above', () => {
    const { members } = wellFormed({ redirect_uris: ['http://localhost/cb'] }).metadata;
    const defaulted = METADATA_TABLE.filter(({ default: { kind } }) => kind !== 'none').map(
      ({ name }) => name,
    );
    expect(defaulted.filter((name) => !(name in members))).toEqual([]);
  });
});

describe('P5: members that nobody may set', () => {
  test('change neither what is registered nor what is decided', () =>
    fc.assert(
      fc.asyncProperty(registrationBody, foreignMembers, async (body, foreign) => {
        const clean = wellFormed(body);
        const laced = wellFormed({ ...foreign, ...body });
        expect(laced.metadata).toEqual(clean.metadata);
        expect(inputOf({ action: 'register', caller: anonymous, asked: laced })).toEqual(
          inputOf({ action: 'register', caller: anonymous, asked: clean }),
        );
      }),
    ));
});

describe('P7: a domain pattern', () => {
  const label = fc.constantFrom('a', 'b', 'x', 'y', 'example', 'evila', 'example-a');
  const hosts = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
  const matches = (pattern: string, hostName: string) => {
    const [wanted, labels] = [pattern.toLowerCase().split('.'), hostName.split('.')];
    return wanted[0] === '*'
      ? labels.length > wanted.length - 1 && labels.slice(1 - wanted.length).join() === wanted.slice(1).join()
      : labels.join() === wanted.join();
  };
  const outcome = async (profile: string, hostName: string) => {
    const asked = wellFormed({
      redirect_uris: [`https://${hostName}/cb`],
      token_endpoint_auth_method: 'none',
    });
    return (await decide({ action: 'register', caller: anonymous, asked, profile })).outcome;
  };

  test('matches whole labels from the right, and nothing else', () =>
    fc.assert(
      fc.asyncProperty(fc.nat({ max: PATTERNS.length - 1 }), hosts, async (index, hostName) => {
        const listed = matches(PATTERNS[index]!, hostName);
        expect(await outcome(`allows-${index}`, hostName)).toBe(listed ? 'allow' : 'review');
        expect(await outcome(`denies-${index}`, hostName)).toBe(listed ? 'deny' : 'review');
      }),
      { numRuns: 400 },
    ));
});

describe('P10: an anonymous client', () => {
  test('is never trusted and always asks its users', () =>
    fc.assert(
      fc.asyncProperty(registrationBody, async (body) => {
        const { obligations } = await decide({
          action: 'register',
          caller: anonymous,
          asked: wellFormed(body),
        });
        expect(obligations).toMatchObject({ require_consent: true, trust: 'untrusted' });
      }),
    ));
});

type Obligations = PolicyDecision['obligations'];
const TRUST = ['untrusted', 'approved', 'trusted'];

/** The obligations of `one` that leave a client more than those of `other` do. */
function laxer(one: Obligations, other: Obligations): string[] {
  const ceilings = ['scope_ceiling', 'resource_ceiling', 'grant_types'] as const;
  const lifetimes = ['token_lifetime', 'secret_lifetime', 'client_lifetime'] as const;
  return [
    ...ceilings.filter(
      (name) => other[name] && !(one[name]?.every((entry) => other[name]!.includes(entry)) ?? false),
    ),
    ...lifetimes.filter((name) => (one[name] ?? Infinity) > (other[name] ?? Infinity)),
    ...(other.require_consent && !one.require_consent ? ['require_consent'] : []),
    ...(TRUST.indexOf(one.trust ?? 'trusted') > TRUST.indexOf(other.trust ?? 'trusted') ? ['trust'] : []),
  ];
}
