import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchRedirectUri } from './redirect-uri-match.js';

describe('matching a redirect URI with a registered one', () => {
  it.each([
    ['the same bytes', 'https://a.example/cb?x=1', 'https://a.example/cb?x=1'],
    ['the same private-use URI', 'com.example.app:/cb', 'com.example.app:/cb'],
    ['R-47 any port where none was registered', 'http://127.0.0.1/cb', 'http://127.0.0.1:51004/cb'],
    ['R-47 any port where one was registered', 'http://127.0.0.1:33418/', 'http://127.0.0.1:1/'],
    ['R-47 no port where one was registered', 'http://[::1]:8080/cb', 'http://[::1]/cb'],
    ['R-47 the last port', 'http://[::1]/cb?x=1', 'http://[::1]:65535/cb?x=1'],
    ['R-48 localhost with any port', 'http://localhost/callback', 'http://localhost:3118/callback'],
    ['R-48 localhost without a path', 'http://localhost:1', 'http://localhost:2'],
    ['R-48 localhost with a query and no path', 'http://localhost?x', 'http://localhost:2?x'],
  ])('accepts %s', (_, registered, requested) => {
    expect(matchRedirectUri(registered, requested)).toBe(true);
  });

  it.each([
    ['R-46 a slash more', 'https://a.example', 'https://a.example/'],
    ['R-46 a longer path', 'https://a.example/cb', 'https://a.example/cb/x'],
    ['R-46 another case', 'https://a.example/cb', 'https://a.example/CB'],
    ['R-46 another encoding', 'https://a.example/~x', 'https://a.example/%7Ex'],
    ['R-46 a query more', 'https://a.example/cb', 'https://a.example/cb?x=1'],
    ['R-46 the default port written out', 'https://a.example/cb', 'https://a.example:443/cb'],
    ['R-46 another port over https', 'https://localhost/cb', 'https://localhost:8443/cb'],
    [
      'R-46 another port of a private-use URI',
      'com.example.app://localhost/cb',
      'com.example.app://localhost:1/cb',
    ],
    ['R-47 localhost for 127.0.0.1', 'http://127.0.0.1/cb', 'http://localhost:1/cb'],
    ['R-47 [::1] for 127.0.0.1', 'http://127.0.0.1/cb', 'http://[::1]/cb'],
    ['R-47 127.0.0.1 for localhost', 'http://localhost/cb', 'http://127.0.0.1/cb'],
    ['R-47 https for http', 'http://127.0.0.1/cb', 'https://127.0.0.1/cb'],
    ['R-47 another path', 'http://127.0.0.1/cb', 'http://127.0.0.1:1/other'],
    ['R-47 another query', 'http://127.0.0.1/cb?x=1', 'http://127.0.0.1:1/cb?x=2'],
    ['R-47 a path where none was registered', 'http://localhost', 'http://localhost:1/'],
    ['R-47 a fragment', 'http://127.0.0.1/cb', 'http://127.0.0.1:1/cb#x'],
    ['R-47 another loopback address', 'http://127.0.0.1/cb', 'http://127.0.0.2/cb'],
    ['R-47 port 0', 'http://127.0.0.1/cb', 'http://127.0.0.1:0/cb'],
    ['R-47 a port out of range', 'http://127.0.0.1/cb', 'http://127.0.0.1:65536/cb'],
    ['R-47 a port with a leading zero', 'http://127.0.0.1/cb', 'http://127.0.0.1:08080/cb'],
    ['R-47 an empty port', 'http://127.0.0.1/cb', 'http://127.0.0.1:/cb'],
    ['R-48 a host that begins like localhost', 'http://localhost/cb', 'http://localhost.evil.example/cb'],
    [
      'R-48 user information in the place of a port',
      'http://localhost/cb',
      'http://localhost:1@evil.example/cb',
    ],
    ['R-48 a line feed at the end', 'http://localhost/cb', 'http://localhost:1/cb\n'],
  ])('refuses %s', (_, registered, requested) => {
    expect(matchRedirectUri(registered, requested)).toBe(false);
  });

  it('R-47 relaxes nothing but the port', () => {
    const host = fc.constantFrom('127.0.0.1', '[::1]', 'localhost', 'a.example');
    const port = fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: undefined });
    const path = fc.constantFrom('', '/', '/cb', '/cb?x=1', '/cb/');
    const uri = fc.record({ scheme: fc.constantFrom('http', 'https'), host, port, path });
    const text = (parts: { scheme: string; host: string; port: number | undefined; path: string }) =>
      `${parts.scheme}://${parts.host}${parts.port === undefined ? '' : `:${parts.port}`}${parts.path}`;
    fc.assert(
      fc.property(uri, uri, (a, b) => {
        const anyPort = a.scheme === 'http' && a.host !== 'a.example';
        const same = a.scheme === b.scheme && a.host === b.host && a.path === b.path;
        expect(matchRedirectUri(text(a), text(b))).toBe(same && (anyPort || a.port === b.port));
      }),
      { numRuns: 2_000 },
    );
  });
});
