import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { redirectUriFault } from './redirect-uri.js';
import { splitUri } from './uri.js';

const DOTLESS = ['cursor', 'vscode', 'vscode-insiders', 'claude', 'javascript', 'data'];

/** For a refusal the reason is the fault, for an acceptance what the URI is there for. */
interface CorpusEntry {
  readonly uri: string;
  readonly verdict: 'accepted' | 'refused';
  readonly reason: string;
}

const corpus = JSON.parse(
  readFileSync(new URL('./redirect-uri.corpus.json', import.meta.url), 'utf8'),
) as CorpusEntry[];
const accepted = corpus.filter(({ verdict }) => verdict === 'accepted');
const refused = corpus.filter(({ verdict }) => verdict === 'refused');

describe('redirect URIs that are accepted', () => {
  it.each(accepted)('R-41 R-42 R-44 $reason', ({ uri }) => {
    expect(redirectUriFault(uri, DOTLESS)).toBeNull();
  });
});

describe('redirect URIs that are refused', () => {
  it.each([...new Set(refused.map(({ reason }) => reason))])(
    'R-41 R-42 R-43 R-44 R1 R2 R3 with %s',
    (fault) => {
      const uris = refused.filter(({ reason }) => reason === fault).map(({ uri }) => uri);
      expect(uris.map((uri) => [uri, redirectUriFault(uri, DOTLESS)])).toEqual(
        uris.map((uri) => [uri, fault]),
      );
    },
  );

  it('R1 keeps a large corpus, whatever an operator allows', () => {
    expect(new Set(corpus.map(({ uri }) => uri)).size).toBe(corpus.length);
    expect(refused.length).toBeGreaterThan(250);
    const everyScheme = [...DOTLESS, ...corpus.map(({ uri }) => uri.split(':')[0] ?? '')];
    const admitted = refused.filter(({ uri }) => redirectUriFault(uri, everyScheme) === null);
    expect(admitted).not.toEqual([]);
    expect(new Set(admitted.map(({ reason }) => reason))).toEqual(new Set(['uri_scheme_without_dot']));
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
