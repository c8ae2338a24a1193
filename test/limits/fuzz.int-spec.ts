import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { METADATA_TABLE, type MetadataMember } from '../../src/domain/metadata/metadata-table.js';
import type { LooseJson } from '../support/loose-json.js';
import { startTestService, type TestService } from '../support/service.js';

/** Another one with FUZZ_SEED=…; the failure says which one it was. */
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);
const runs = Number(process.env['FUZZ_RUNS'] ?? 400);
const DESCRIPTION = /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/;
/** What each answer says: RFC 7591 sections 3.2.1 and 3.2.2. */
const SHAPES: Readonly<Record<number, object>> = {
  201: { client_id: expect.stringMatching(/^c_/) },
  400: {
    error: expect.stringMatching(
      /^(invalid_client_metadata|invalid_redirect_uri|invalid_software_statement|unapproved_software_statement)$/,
    ),
    error_description: expect.stringMatching(DESCRIPTION),
  },
  413: { error: 'payload_too_large', error_description: expect.stringMatching(DESCRIPTION) },
};

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

const uris = fc.constantFrom(
  'http://127.0.0.1:8765/callback',
  'https://claude.ai/api/mcp/auth_callback',
  'https://reports.acme.example/cb',
  'cursor://anysphere.cursor-mcp/oauth/callback',
  'com.example.app:/cb',
  'https://A.example/',
  'https://a.example/#fragment',
  'https://user@a.example/',
  'https://[::1]:8080/cb',
  'https://a.example:99999/',
  'javascript:alert(1)',
  'http://169.254.169.254/latest',
  '',
);

const key = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
};

/** What the type of a member says it should be, and often is. */
function plausible(member: MetadataMember): fc.Arbitrary<unknown> {
  const words = fc.constantFrom(
    ...('values' in member && member.values ? member.values : []),
    'none',
    'client_secret_basic',
    'authorization_code',
    'refresh_token',
    'client_credentials',
    'code',
    'mcp:tools',
    'native',
  );
  const text = fc.oneof(words, fc.string({ unit: 'grapheme', maxLength: 40 }));
  switch (member.type) {
    case 'url':
      return uris;
    case 'url[]':
      return fc.array(uris, { maxLength: 4 });
    case 'string':
      return text;
    case 'string[]':
      return fc.array(text, { maxLength: 4 });
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer();
    case 'jwks':
      return fc.constantFrom({ keys: [key] }, { keys: [{ ...key, d: 'secret' }] }, { keys: [] }, {});
    default:
      // A type of member that this generator does not know yet is still fuzzed with any JSON.
      return fc.jsonValue({ maxDepth: 3 });
  }
}

/** Values that no member should have, or not so much of. */
const hostile = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom<unknown>(
    null,
    -0,
    2 ** 53,
    1e308,
    'x'.repeat(3_000),
    Array(11).fill('x'),
    '\u202e',
    '\0',
    '\ud800',
    {
      toString: 1,
    },
  ),
);

const members = Object.fromEntries(
  METADATA_TABLE.map((member) => [
    member.name,
    fc.oneof({ weight: 6, arbitrary: plausible(member) }, { weight: 1, arbitrary: hostile }),
  ]),
);

const names = METADATA_TABLE.map(({ name }) => name);
const taggedName = fc
  .tuple(fc.constantFrom(...names), fc.constantFrom('de', 'zh-Hant', 'x', '', 'de#fr', '-', 'ä'))
  .map(([name, tag]) => `${name}#${tag}`);

const objects = fc
  .tuple(
    fc.record(members, { requiredKeys: [] }),
    fc.dictionary(fc.oneof(taggedName, fc.string({ maxLength: 20 })), hostile, { maxKeys: 4 }),
  )
  .map(([known, more]) => JSON.stringify({ ...known, ...more }));

/** Registrations of the usual kind with one thing changed, so that many get past the parser. */
const nearlyValid = fc
  .tuple(fc.constantFrom(...names), hostile, uris)
  .map(([name, value, uri]) =>
    JSON.stringify({ redirect_uris: [uri], token_endpoint_auth_method: 'none', [name]: value }),
  );

/** Bytes that were once JSON. */
const broken = fc
  .tuple(objects, fc.nat(), fc.constantFrom('', '"', '{', '\\', '\u0000', ',', '\ufeff', '1e999'))
  .map(([text, at, junk]) => {
    const cut = at % (text.length + 1);
    return text.slice(0, cut) + junk + text.slice(cut + 1);
  });

const bodies = fc.oneof(
  { weight: 4, arbitrary: objects },
  { weight: 4, arbitrary: nearlyValid },
  { weight: 1, arbitrary: broken },
);

async function written(): Promise<{ events: number; clients: number }> {
  const { rows } = await service.database.pool.query<{ events: number; clients: number }>(
    `select (select count(*)::int from events where type in ('client.registered', 'registration.refused')) as events,
            (select count(*)::int from client_directory) as clients`,
  );
  return rows[0]!;
}

test(`no registration is a server error, whatever it says (FUZZ_SEED=${seed})`, async () => {
  const answered: Record<number, number> = {};
  let decided = 0;
  let admitted = 0;
  await fc.assert(
    fc.asyncProperty(bodies, async (body) => {
      const answer = await service.register(body);
      const text = await answer.text();
      answered[answer.status] = (answered[answer.status] ?? 0) + 1;
      expect([201, 400, 413]).toContain(answer.status);
      expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      const json: LooseJson = JSON.parse(text);
      expect(json).toMatchObject(SHAPES[answer.status]!);
      if (answer.status === 201) admitted += 1;
      if (answer.status === 201 || json.policy_decision_id !== undefined) decided += 1;
    }),
    { numRuns: runs, seed, endOnFailure: true },
  );
  // Refused ones leave nothing, apart from what the policy decided.
  expect(await written()).toEqual({ events: decided, clients: admitted });
  // All of it came to pass, or the generator proves nothing.
  expect(answered[201]).toBeGreaterThan(0);
  expect(answered[400]).toBeGreaterThan(0);
});
