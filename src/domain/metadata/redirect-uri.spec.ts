import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { UriFault } from './rejection/metadata-fault.js';
import { redirectUriFault } from './redirect-uri.js';
import { splitUri } from './uri.js';

const DOTLESS = ['cursor', 'vscode', 'vscode-insiders', 'claude', 'javascript', 'data'];
const hostile = JSON.parse(
  readFileSync(new URL('./redirect-uri.hostile.json', import.meta.url), 'utf8'),
) as Record<UriFault, string[]>;

describe('redirect URIs that are accepted', () => {
  it.each([
    ['https', 'https://claude.ai/api/mcp/auth_callback'],
    ['https with a port', 'https://a.example:8443/cb'],
    ['https without a path', 'https://a.example'],
    ['https without a path but with a query', 'https://a.example?tenant=1'],
    ['R-41 a query, kept as it is', 'https://a.example/cb?tenant=1&next=%2Fhome&x=a+b'],
    ['several slashes in the path', 'https://a.example//cb//'],
    ['encoded characters', 'https://a.example/caf%C3%A9/%7euser'],
    ['path parameters', 'https://a.example/cb;v=1/x'],
    ['dots that are no dot segment', 'https://a.example/.well-known/...x/a..b'],
    ['an underscore in the host', 'https://my_app.a.example/cb'],
    ['an internationalised host in ASCII form', 'https://xn--bcher-kva.example/cb'],
    ['an IPv4 host, which the policy reviews', 'https://192.0.2.1/cb'],
    ['an IPv6 host', 'https://[2001:db8::1]/cb'],
    ['R-42 http on 127.0.0.1', 'http://127.0.0.1:33418/'],
    ['R-42 http on [::1]', 'http://[::1]:8080/cb'],
    ['R-42 http on localhost, without port or path', 'http://localhost'],
    ['R-44 a private-use scheme with one slash', 'com.example.app:/oauth/callback'],
    ['R-44 a private-use scheme with an authority', 'com.example.app://oauth/callback'],
    ['R-44 a private-use scheme with an empty authority', 'com.example.app:///callback'],
    ['R-44 an allowed scheme without a dot', 'cursor://anysphere.cursor-mcp/oauth/callback'],
    ['R-44 another one, with a hyphen', 'vscode-insiders://vscode.github-authentication/did-authenticate'],
    ['a private-use host in mixed case', 'claude://Claude.Desktop/cb'],
    ['a URI of 2048 characters', `https://a.example/${'a'.repeat(2030)}`],
  ])('%s', (_, uri) => {
    expect(redirectUriFault(uri, DOTLESS)).toBeNull();
  });
});

describe('redirect URIs that are refused', () => {
  it.each(Object.entries(hostile) as [UriFault, string[]][])('R-41 R-42 R-43 R-44 with %s', (fault, uris) => {
    expect(uris.map((uri) => [uri, redirectUriFault(uri, DOTLESS)])).toEqual(uris.map((uri) => [uri, fault]));
  });

  it('R1 keeps a large corpus, whatever an operator allows', () => {
    const corpus = Object.values(hostile).flat();
    expect(new Set(corpus).size).toBeGreaterThan(200);
    const everyScheme = [
      ...DOTLESS,
      ...Object.values(hostile)
        .flat()
        .map((uri) => uri.split(':')[0] ?? ''),
    ];
    const { uri_scheme_without_dot: allowable, ...never } = hostile;
    expect(allowable.filter((uri) => redirectUriFault(uri, everyScheme) === null)).not.toEqual([]);
    expect(
      Object.values(never)
        .flat()
        .filter((uri) => redirectUriFault(uri, everyScheme) === null),
    ).toEqual([]);
  });

  it('R-44 a scheme without a dot unless the realm lists it', () => {
    expect(redirectUriFault('cursor://x/cb', [])).toBe('uri_scheme_without_dot');
    expect(redirectUriFault('cursor://x/cb', ['cursor'])).toBeNull();
    expect(redirectUriFault('cursorx://x/cb', ['cursor'])).toBe('uri_scheme_without_dot');
  });
});

describe('splitting', () => {
  const label = fc.stringMatching(/^[a-z0-9_](?:[a-z0-9_-]{0,8}[a-z0-9_])?$/);
  const hostPart = fc.oneof(
    fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.')),
    fc.ipV4(),
    fc.ipV6().map((address) => `[${address}]`),
    fc.stringMatching(/^[ -~]{0,12}$/),
  );
  const piece = fc.constantFrom(
    ...'/ /a /.. /. /%2e /..; ; ? # @ : \\ %2f %00 * = & 8080 :443 [::1] localhost //'.split(' '),
    ' ',
    'é',
    'Ａ',
    '\t',
  );
  const anything = fc
    .tuple(
      fc.constantFrom('https', 'http', 'com.example.app', 'cursor', 'HTTPS', ''),
      hostPart,
      fc.array(piece),
    )
    .map(([scheme, host, pieces]) => `${scheme}://${host}${pieces.join('')}`);

  it('R2 agrees with the WHATWG parser about every part of what it accepts', () => {
    fc.assert(
      fc.property(fc.oneof(anything, fc.webUrl(), fc.string({ unit: 'binary' })), (raw) => {
        const split = splitUri(raw);
        if (!split.ok) return;
        const url = new URL(raw);
        expect(url.protocol).toBe(`${split.uri.scheme}:`);
        expect(url.hostname).toBe(split.uri.host ?? '');
        expect(url.port).toBe(split.uri.port === null ? '' : String(split.uri.port));
        expect(url.username + url.password).toBe('');
        expect([split.uri.path, split.uri.path || '/']).toContain(url.pathname);
        expect(url.search).toBe(split.uri.query ? `?${split.uri.query}` : '');
        expect([raw, `${raw}/`, raw.replace(/[?#]/, '/$&')]).toContain(url.href);
      }),
      { numRuns: 5_000 },
    );
  });

  it('R-42 finds http on loopback hosts only, whatever is put around them', () => {
    fc.assert(
      fc.property(anything, (raw) => {
        if (redirectUriFault(raw, DOTLESS) !== null || !raw.startsWith('http:')) return;
        expect(['127.0.0.1', '[::1]', 'localhost']).toContain(new URL(raw).hostname);
      }),
      { numRuns: 5_000 },
    );
  });
});
