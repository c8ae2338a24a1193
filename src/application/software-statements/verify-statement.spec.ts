import { beforeAll, describe, expect, test } from 'vitest';
import { anIssuer, forged, signed, type TestIssuer } from '../../../test/support/software-statements.js';
import type { JsonObject, JsonValue } from '../../contract/json.js';
import type { StatementIssuer } from '../../contract/software-statement.js';
import type { RealmState } from '../../domain/realm/realm-state.js';
import { statementRejection, type StatementFault } from './statement-faults.js';
import { signatureAlgorithms } from './statement-keys.js';
import { verifyStatement } from './verify-statement.js';

const NOW = Date.parse('2026-11-23T10:00:00.000Z');
const SECONDS = NOW / 1000;
const ISSUER = 'https://as.example';

let rsa: TestIssuer;
let ec: TestIssuer;
let stranger: TestIssuer;
beforeAll(async () => {
  rsa = await anIssuer('https://directory.example');
  ec = await anIssuer('https://ec.example', 'ES256');
  stranger = await anIssuer('https://directory.example');
});

function realm(...issuers: StatementIssuer[]): RealmState {
  return {
    name: 'default',
    issuer: ISSUER,
    software_statements: { issuers, required: false },
  } as unknown as RealmState;
}

async function check(
  statement: JsonValue,
  ...issuers: StatementIssuer[]
): Promise<StatementFault | 'verified'> {
  const trusted = issuers.length > 0 ? issuers : [rsa.trust(), ec.trust()];
  const result = await verifyStatement(statement, realm(...trusted), NOW);
  return result.ok ? 'verified' : result.fault;
}

async function identity(statement: string, name = 'default'): Promise<string> {
  const result = await verifyStatement(statement, { ...realm(rsa.trust(), ec.trust()), name }, NOW);
  if (!result.ok) throw new Error(result.fault);
  return result.value.identity;
}

describe('a statement of a trusted issuer', () => {
  test.each(['RS256', 'RS384', 'PS256', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'])(
    'R-90 is verified with %s',
    async (algorithm) => {
      const issuer = await anIssuer('https://any.example', algorithm);
      expect(await check(await issuer.state({ software_id: 'x' }), issuer.trust())).toBe('verified');
    },
  );

  test('R-90 is verified by any of its keys where it names none, and by the one it names', async () => {
    const trust = rsa.trust({ jwks: { keys: [ec.publicKey, stranger.publicKey, rsa.publicKey] } });
    const unnamed = await signed(JSON.stringify({ iss: rsa.issuer }), rsa.privateKey, { alg: 'RS256' });
    expect(await check(unnamed, trust)).toBe('verified');
    expect(await check(await rsa.state({}, { kid: '../../k1' }), trust)).toBe('signature');
  });

  test.each<[string, JsonObject]>([
    ['without a time', {}],
    ['not yet expired', { exp: SECONDS + 1 }],
    ['expired within the tolerance', { exp: SECONDS - 59 }],
    ['early within the tolerance', { nbf: SECONDS + 59 }],
    ['for this server', { aud: ISSUER }],
    ['for this server and others', { aud: ['https://other.example', ISSUER] }],
  ])('R-93 %s is accepted', async (_, claims) => {
    expect(await check(await rsa.state(claims))).toBe('verified');
  });

  test.each(['JWT', 'jwt', 'application/jwt'])('R-93 of typ %s is accepted', async (typ) => {
    expect(await check(await rsa.state({}, { typ }))).toBe('verified');
  });
});

describe('R-93 a statement is refused', () => {
  test.each<[StatementFault, JsonObject]>([
    ['expired', { exp: SECONDS - 60 }],
    ['not_yet_valid', { nbf: SECONDS + 61 }],
    ['claim_type', { exp: '2027-01-01' }],
    ['claim_type', { nbf: '1' }],
    ['claim_type', { jti: 7 }],
    ['claim_type', { jti: '' }],
    ['audience', { aud: 'https://other.example' }],
    ['audience', { aud: [] }],
    ['issuer_missing', { iss: '' }],
    ['issuer_missing', { iss: ['https://directory.example'] }],
    ['issuer_unknown', { iss: 'https://directory.example/' }],
    ['issuer_unknown', { iss: 'https://nobody.example' }],
  ])('as %s with claims %j', async (fault, claims) => {
    expect(await check(await rsa.state(claims))).toBe(fault);
  });

  test.each(['at+jwt', 'application/at+jwt', 'dpop+jwt', 'logout+jwt', 'oauth-id-jag+jwt', 'secevent+jwt'])(
    'as another kind of JWT: %s',
    async (typ) => expect(await check(await rsa.state({}, { typ }))).toBe('other_kind'),
  );

  test('by its software_id, where the issuer may speak for others only', async () => {
    const trust = rsa.trust({ software_ids: ['mine'] });
    expect(await check(await rsa.state({ software_id: 'mine' }), trust)).toBe('verified');
    expect(await check(await rsa.state({ software_id: 'other' }), trust)).toBe('software_id');
    expect(await check(await rsa.state({}), trust)).toBe('software_id');
  });

  test('by its algorithm, where the issuer signs with others only', async () => {
    const statement = await rsa.state({});
    expect(await check(statement, rsa.trust({ algorithms: ['PS256'] }))).toBe('signature');
    expect(await check(statement, rsa.trust({ algorithms: ['PS256', 'RS256'] }))).toBe('verified');
  });
});

describe('P9 an attack on the signature', () => {
  const claims = (): JsonObject => ({ iss: rsa.issuer, client_name: 'Forged' });

  test.each(['none', 'None', 'NONE', 'nOnE'])('alg %s is refused', async (alg) => {
    expect(await check(forged({ alg }, claims(), ''))).toBe('unsigned');
    expect(await check(forged({ alg }, claims()))).toBe('unsigned');
  });

  test.each(['HS256', 'HS512', 'RSA-OAEP', 'dir', 'ES256K', 'foo', ''])('alg %s is refused', async (alg) => {
    expect(await check(forged({ alg }, claims()))).toBe('algorithm');
  });

  test('HMAC with the public key as the secret is refused', async () => {
    const secret = new TextEncoder().encode(
      JSON.stringify(rsa.publicKey),
    ) as unknown as TestIssuer['privateKey'];
    expect(await check(await signed(JSON.stringify(claims()), secret, { alg: 'HS256' }))).toBe('algorithm');
  });

  test.each<[string, JsonObject]>([
    ['jku', { jku: 'https://evil.example/jwks' }],
    ['jwk', { jwk: { kty: 'oct', k: 'AA' } }],
    ['x5u', { x5u: 'https://evil.example/cert' }],
    ['x5c', { x5c: ['AA'] }],
    ['crit', { crit: ['exp'], exp: 1 }],
    ['zip', { zip: 'DEF' }],
    ['b64', { b64: false }],
  ])('a header with %s is refused, signed or not', async (_, header) => {
    expect(await check(forged({ alg: 'RS256', ...header }, claims()))).toBe('header_member');
  });

  test('the right claims under the key of somebody else are refused', async () => {
    expect(await check(await stranger.state({}))).toBe('signature');
    expect(await check(await ec.state({ iss: rsa.issuer }))).toBe('signature');
  });

  test('a changed claim, a changed header and a cut signature are refused', async () => {
    const [header, , signature] = (await rsa.state({ scope: 'a' })).split('.');
    const other = forged({ alg: 'RS256', kid: 'k1' }, claims()).split('.');
    expect(await check(`${header}.${other[1]}.${signature}`)).toBe('signature');
    expect(await check(`${other[0]}.${other[1]}.${signature}`)).toBe('signature');
    expect(await check((await rsa.state({})).slice(0, -8))).toBe('signature');
  });

  test.each<[StatementFault, JsonValue]>([
    ['not_a_text', { iss: 'x' }],
    ['not_a_text', ['a.b.c']],
    ['not_a_text', 7],
    ['malformed', 'no statement'],
    ['malformed', 'e30.e30'],
    ['malformed', 'e30.e30.AA.AA'],
    ['malformed', 'e30.e30.A A'],
    ['header', 'W10.e30.AA'],
    ['header', 'e30.e30.AA'],
    ['too_long', `e30.${'A'.repeat(17_000)}.AA`],
  ])('%s: %j is refused', async (fault, statement) => {
    expect(await check(statement)).toBe(fault);
  });

  test.each([
    ['a nested JWS', 'e30.e30.AA'],
    ['a repeated claim', '{"iss":"https://directory.example","scope":"a","scope":"b"}'],
    ['a claim that reaches prototypes', '{"iss":"https://directory.example","__proto__":{}}'],
    ['a forged sealed field', '{"iss":"https://directory.example","contacts":{"$sealed":{}}}'],
    ['deep nesting', `{"iss":"https://directory.example","a":${'['.repeat(20)}${']'.repeat(20)}}`],
  ])('%s as payload is refused, although it is signed', async (_, payload) => {
    const header = { alg: 'RS256', kid: 'k1' };
    expect(await check(await signed(payload, rsa.privateKey, header))).toBe('payload');
  });

  test('a key for encryption, another algorithm or another operation verifies nothing', () => {
    const { kty, n, e } = rsa.publicKey;
    const key = { kty: kty!, n: n!, e: e! };
    expect(signatureAlgorithms(key)).toContain('RS256');
    expect(signatureAlgorithms({ ...key, use: 'enc' })).toEqual([]);
    expect(signatureAlgorithms({ ...key, alg: 'PS256' })).toEqual(['PS256']);
    expect(signatureAlgorithms({ ...key, alg: 'ES256' })).toEqual([]);
    expect(signatureAlgorithms({ ...key, key_ops: ['encrypt'] })).toEqual([]);
    expect(signatureAlgorithms({ kty: 'EC', crv: 'P-384' })).toEqual(['ES384']);
    expect(signatureAlgorithms({ kty: 'oct' })).toEqual([]);
  });
});

describe('K4 the identity of a statement', () => {
  test('is its jti, however often it is signed anew, apart for each realm', async () => {
    const one = await rsa.state({ jti: 'j1', scope: 'a' });
    const again = await rsa.state({ jti: 'j1', scope: 'b' });
    expect(await identity(one)).toBe(await identity(again));
    expect(await identity(one)).not.toBe(await identity(await rsa.state({ jti: 'j2' })));
    expect(await identity(one)).not.toBe(await identity(one, 'payroll'));
  });

  test('is what was signed where there is no jti: another form of the same signature is no other statement', async () => {
    const statement = await ec.state({ software_id: 'x' });
    const twin = withTwinSignature(statement);
    expect(twin).not.toBe(statement);
    expect(await identity(twin)).toBe(await identity(statement));
  });
});

test('R-70 every refusal has an RFC 7591 code and an ASCII description', async () => {
  const unapproved = ['issuer_unknown', 'audience', 'software_id', 'used_up', 'other_issuer'];
  for (const fault of [...unapproved, 'signature', 'expired', 'unsigned', 'issuer_missing', 'required']) {
    const { rejection } = statementRejection(fault as StatementFault);
    const approved = !unapproved.includes(fault);
    expect(rejection.error).toBe(approved ? 'invalid_software_statement' : 'unapproved_software_statement');
    expect(rejection.description).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
  }
});

/** (r, s) and (r, n - s) are both signatures of the same text (ECDSA on P-256). */
function withTwinSignature(jws: string): string {
  const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
  const cut = jws.lastIndexOf('.') + 1;
  const signature = Buffer.from(jws.slice(cut), 'base64url');
  const s = BigInt(`0x${signature.subarray(32).toString('hex')}`);
  const twin = Buffer.from((order - s).toString(16).padStart(64, '0'), 'hex');
  return jws.slice(0, cut) + Buffer.concat([signature.subarray(0, 32), twin]).toString('base64url');
}
