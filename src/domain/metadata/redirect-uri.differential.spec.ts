import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseRfc3986 } from '../../../test/support/rfc3986.js';
import { redirectUriFault } from './redirect-uri.js';
import { splitUri } from './uri.js';

/** So many on a developer's machine; fewer where somebody waits for the answer. */
const RUNS = process.env['CI'] === undefined ? 20_000 : 4_000;

const DOTLESS = ['cursor', 'vscode', 'vscode-insiders', 'claude'];
const corpus = (
  JSON.parse(readFileSync(new URL('./redirect-uri.corpus.json', import.meta.url), 'utf8')) as {
    readonly uri: string;
  }[]
).map(({ uri }) => uri);

/** Scheme, host, port and path as each reader finds them; null where a reader finds no URI. */
interface Reading {
  readonly scheme: string;
  readonly host: string;
  readonly port: string;
  readonly path: string;
}

function ours(raw: string): Reading | null {
  const split = splitUri(raw);
  if (!split.ok) return null;
  const { scheme, host, port, path } = split.uri;
  return { scheme, host: host ?? '', port: port === null ? '' : String(port), path };
}

function browsers(raw: string): Reading | null {
  try {
    const { protocol, hostname, port, pathname } = new URL(raw);
    return { scheme: protocol.slice(0, -1), host: hostname, port, path: pathname };
  } catch {
    return null;
  }
}

function rfc3986(raw: string): Reading | null {
  const uri = parseRfc3986(raw);
  if (!uri || uri.userinfo !== null) return null;
  return { scheme: uri.scheme, host: uri.host ?? '', port: uri.port ?? '', path: uri.path };
}

/** What a server sees of a web URI without a path is the root; nothing else is ever put right. */
function rooted(reading: Reading | null): Reading | null {
  if (!reading || !['https', 'http'].includes(reading.scheme) || reading.path !== '') return reading;
  return { ...reading, path: '/' };
}

const pieces =
  '/ // /a /.. /. /%2e /%2E%2e /..; /.;x ? ?x=1 # #x @ user@ : :0 :80 :443 :8443 :65536 \\ %2f %5c %00 %0d%0a %25 %zz * = & ; , + ! ' +
  "$ ' ( ) ~ _ - . .. [ ] [::1] [v1.x] ::1 127.1 0x7f.1 127.0.0.1 localhost evil.example a.example LOCALHOST xn--a ␀";
const piece = fc.oneof(
  fc.constantFrom(...pieces.split(' ')),
  fc.constantFrom(' ', '\t', '\n', '\r', '\0', 'é', 'Ａ', '。', '／', '＃', '\u200b', '\ud800', 'ⓔ'),
  fc.string({ maxLength: 3 }),
);
const scheme = fc.constantFrom(
  'https',
  'http',
  'com.example.app',
  'cursor',
  'HTTPS',
  'hTTp',
  'javascript',
  'ftp',
  'ws',
  'file',
  '',
);
const separator = fc.constantFrom('://', ':/', ':', ':///', ':\\\\', '//', ':////');
const assembled = fc
  .tuple(scheme, separator, fc.array(piece, { maxLength: 6 }))
  .map(([start, between, rest]) => start + between + rest.join(''));
/** A string of the corpus with one character changed, taken out, doubled or put in. */
const mutated = fc
  .tuple(fc.constantFrom(...corpus.filter(({ length }) => length < 200)), fc.nat(), piece, fc.nat(3))
  .map(([uri, at, inserted, kind]) => {
    const place = uri.length === 0 ? 0 : at % uri.length;
    const [before, here, after] = [uri.slice(0, place), uri.slice(place, place + 1), uri.slice(place + 1)];
    return before + [inserted, '', here + here, here + inserted][kind] + after;
  });
const plausible = fc
  .tuple(
    fc.constantFrom('https', 'http', 'com.example.app', 'cursor'),
    fc.oneof(
      fc.domain(),
      fc.ipV4(),
      fc.ipV4Extended(),
      fc.ipV6().map((address) => `[${address}]`),
    ),
    fc.option(fc.nat(70_000), { nil: null }),
    fc.webPath(),
    fc.option(fc.webQueryParameters(), { nil: null }),
  )
  .map(
    ([start, host, port, path, query]) =>
      `${start}://${host}${port === null ? '' : `:${port}`}${path}${query === null ? '' : `?${query}`}`,
  );
const anything = fc.oneof(
  { arbitrary: assembled, weight: 4 },
  { arbitrary: mutated, weight: 4 },
  { arbitrary: plausible, weight: 3 },
  { arbitrary: fc.webUrl({ withFragments: true, withQueryParameters: true }), weight: 1 },
  { arbitrary: fc.string({ unit: 'binary' }), weight: 1 },
);

function assertAgreement(raw: string): void {
  if (redirectUriFault(raw, DOTLESS) !== null) return;
  const reading = rooted(ours(raw));
  expect(reading).not.toBeNull();
  expect(rooted(browsers(raw))).toEqual(reading);
  expect(rooted(rfc3986(raw))).toEqual(reading);
}

describe('what is accepted as a redirect URI', () => {
  it('R2 is read alike by browsers and by RFC 3986: scheme, host, port and path', () => {
    // fast-check prints the seed and the shortest counterexample of a failure.
    fc.assert(fc.property(anything, assertAgreement), {
      numRuns: RUNS,
      examples: corpus.map((uri) => [uri]),
    });
  });

  it('R2 is often enough something, so that the property says something', () => {
    const sample = fc.sample(anything, { numRuns: 2_000, seed: 7 });
    const taken = sample.filter((raw) => redirectUriFault(raw, DOTLESS) === null);
    expect(taken.length).toBeGreaterThan(100);
    const schemes = taken.map((raw) => raw.split(':')[0]);
    expect(schemes).toEqual(expect.arrayContaining(['https', 'http', 'com.example.app', 'cursor']));
  });
});

describe('the second opinion', () => {
  it.each([
    ['http://a.example/', { scheme: 'http', host: 'a.example', path: '/', port: null }],
    [
      'ftp://u:p@a.example:21/x;t=a?q#f',
      { userinfo: 'u:p', port: '21', path: '/x;t=a', query: 'q', fragment: 'f' },
    ],
    ['urn:example:a:b', { scheme: 'urn', host: null, path: 'example:a:b' }],
    ['ldap://[2001:db8::7]/c=GB?one?two', { host: '[2001:db8::7]', query: 'one?two' }],
    ['mailto:a@a.example', { host: null, path: 'a@a.example' }],
    ['file:///etc/x', { host: '', path: '/etc/x' }],
    ['x:', { host: null, path: '' }],
    ['x://a.example:', { host: 'a.example', port: '' }],
    ['x://%41.example', { host: '%41.example' }],
    ['x://[v7.a:b]/', { host: '[v7.a:b]' }],
    ['x://[::ffff:1.2.3.4]', { host: '[::ffff:1.2.3.4]' }],
  ])('reads %s by the ABNF', (text, parts) => {
    expect(parseRfc3986(text)).toMatchObject(parts);
  });

  it.each([
    '/relative',
    '1x://a',
    'x://a b',
    'x://[::1',
    'x://[1::2::3]',
    'x://[1:2:3:4:5:6:7:8:9]',
    'x://[::1.2.3.256]',
    'x://a:b',
    'x:/%',
    'x:/%4',
    'x:/\\',
    'x:/a[b]',
    'x:/a|b',
    'x:#a#b',
    'x:/é',
    'x://a@b@c',
  ])('finds no URI in %s', (text) => {
    expect(parseRfc3986(text)).toBeNull();
  });
});
