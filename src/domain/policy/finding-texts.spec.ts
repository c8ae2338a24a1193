import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../contract/json.js';
import { describeFinding } from './finding-texts.js';

const POLICIES = new URL('../../../policies/', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, POLICIES), 'utf8');

/** What the table in policies/README.md promises to rule authors: each code and the parameters it carries. */
function documented(): ReadonlyMap<string, readonly string[]> {
  const quoted = (cell: string): string[] => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name!);
  const table = read('README.md').split('## Codes of the shipped rules')[1]!.split('\n## ')[0]!;
  return new Map(
    table
      .split('\n')
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .filter((cells) => cells.length === 6 && cells[2]?.startsWith('`'))
      .flatMap((cells) => quoted(cells[2]!).map((code) => [code, quoted(cells[4]!)] as const)),
  );
}

/** The codes in the rules themselves: `"code": "…"`, and the functions that choose one. */
function emitted(): readonly string[] {
  const rules = readdirSync(new URL('admission/rules/', POLICIES), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.rego') && !path.endsWith('_test.rego'))
    .map((path) => read(`admission/rules/${path}`));
  const code = /"code": "(\w+)"|^_\w*code\(.*\) := "(\w+)"|^\} else := "(\w+)"/gm;
  return rules.flatMap((rule) => [...rule.matchAll(code)].map((match) => match.slice(1).find(Boolean)!));
}

const finding = (code: string, params: JsonObject, field = 'redirect_uris') =>
  describeFinding({ rule: 'a_rule', code, field, params });
const ownText = (code: string): string => `redirect_uris: the policy rule a_rule objects: ${code}`;
const codes = [...documented().keys()];

describe('the codes of the shipped rules', () => {
  test('are those that the README for rule authors lists', () => {
    expect(codes.length).toBeGreaterThan(0);
    expect([...new Set(emitted())].toSorted()).toEqual(codes.toSorted());
  });

  test.each([...documented()])('%s has a text of its own, made of the parameters %j', (code, names) => {
    const { message } = finding(code, Object.fromEntries(names.map((name) => [name, `<${name}>`])));
    expect(message).not.toBe(ownText(code));
    expect(message).not.toContain('(none)');
    expect(message).not.toMatch(/[{}]/);
  });
});

describe('a finding', () => {
  test('reads as one sentence about its member', () => {
    const params = { host: 'app.example', registrable_domain: 'app.example' };
    expect(finding('redirect_host_unknown', params)).toEqual({
      rule: 'a_rule',
      code: 'redirect_host_unknown',
      field: 'redirect_uris',
      message: 'redirect_uris: the redirect host app.example is not known here',
      params,
    });
  });

  test.each([null, undefined])('says (none) where the evidence is %s', (host) => {
    const params: JsonObject = host === undefined ? {} : { host };
    expect(finding('redirect_host_denied', params).message).toContain('the redirect host (none) is');
  });

  test('keeps to itself what its code does not declare public', () => {
    const params = { profile: 'canary-1', ip: 'canary-2' };
    expect(JSON.stringify(finding('profile_not_in_token', params))).not.toContain('canary');
    expect(JSON.stringify(finding('redirect_host_denied', { ...params, host: 'a.example' }))).not.toContain(
      'canary',
    );
  });

  test('of an own rule shows rule and code, and none of its parameters', () => {
    const described = finding('cost_center_missing', {
      cost_center: 'canary',
      rule: 'canary',
      code: 'canary',
    });
    expect(described).toMatchObject({ message: ownText('cost_center_missing'), params: {} });
  });

  test('is described by its rule and code, whatever parameters of that name say', () => {
    expect(finding('own', { rule: 'forged', code: 'forged' }).message).not.toContain('forged');
  });

  test('of an own rule may have any code that the policy host lets through', () => {
    expect(finding('constructor', {}).message).toBe(ownText('constructor'));
  });

  test('does not put one parameter into the place of another', () => {
    const params = { auth_method: '{grant_type} $& $1', grant_type: 'implicit' };
    expect(finding('auth_method_not_allowed', params).message).toBe(
      'redirect_uris: the authentication method {grant_type} $& $1 is not allowed for implicit',
    );
  });
});

describe('R-70 whatever is in a finding', () => {
  const text = fc.string({ unit: 'binary' });
  const params = fc.dictionary(
    fc.constantFrom('host', 'scheme', 'scope', 'value', 'keyword', 'pointer', 'grant_type', 'auth_method'),
    fc.oneof(text, fc.jsonValue()),
  ) as fc.Arbitrary<JsonObject>;

  test('its message is printable ASCII without quotation marks and backslashes (RFC 6749 section 5.2)', () => {
    fc.assert(
      fc.property(fc.constantFrom(...codes, 'own_code'), params, text, (code, values, field) => {
        expect(finding(code, values, field).message).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]*$/);
      }),
    );
  });
});
