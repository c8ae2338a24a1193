import { request as httpRequest } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { pino } from 'pino';
import { aLoopbackClient } from '../support/registrations.js';
import { startTestService, type TestService } from '../support/service.js';

const ASCII = /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/;
const logged: string[] = [];

let service: TestService;
beforeAll(async () => {
  const logger = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) });
  service = await startTestService({}, undefined, { logger });
});
afterAll(() => service.stop());

const prototypes = [Object.prototype, Array.prototype, Function.prototype, String.prototype].map(
  (prototype) => [prototype, Object.getOwnPropertyNames(prototype).length] as const,
);
/** The canary of V2: nothing that came in became a member of everything. */
afterEach(() => {
  const polluted = prototypes.some(
    ([prototype, members]) => Object.getOwnPropertyNames(prototype).length !== members,
  );
  if (polluted) throw new Error('a prototype has got members');
});

async function eventCount(): Promise<number> {
  const { rows } = await service.database.pool.query<{ count: number }>(
    'select count(*)::int as count from events',
  );
  return rows[0]!.count;
}

/** What a registration is answered, and how many events it left. */
async function outcomeOf(body: string): Promise<object> {
  const before = await eventCount();
  const answer = await service.register(body);
  return {
    status: answer.status,
    ...((await answer.json()) as object),
    events: (await eventCount()) - before,
  };
}

const REFUSED = {
  status: 400,
  error: expect.stringMatching(/^invalid_(client_metadata|redirect_uri)$/),
  error_description: expect.stringMatching(ASCII),
  events: 0,
};

const nested = (depth: number, open: string, close: string) => `${open.repeat(depth)}1${close.repeat(depth)}`;

describe('V1 bodies that cost more than they should', () => {
  test.each([9, 10, 100, 1_000, 5_000, 10_000, 20_000])('a depth of %i is 400', async (depth) => {
    expect(await outcomeOf(`{"jwks":${nested(depth, '[', ']')}}`)).toMatchObject(REFUSED);
    // An opening costs five bytes: deeper ones are over 64 KiB.
    const objects = Math.min(depth, 10_000);
    expect(await outcomeOf(`{"custom":${nested(objects, '{"a":', '}')}}`)).toMatchObject(REFUSED);
  });

  test.each([1, 2, 6])('a depth of %i in a member that nobody reads is fine', async (depth) => {
    const answer = await service.register(
      `{"redirect_uris":["http://127.0.0.1/cb"],"unknown":${nested(depth, '[', ']')}}`,
    );
    expect(answer.status).toBe(201);
  });

  test('64 KiB and not a byte more', async () => {
    const sized = (bytes: number) => {
      const body = JSON.stringify(aLoopbackClient({ unknown: '' }));
      return body.replace('"unknown":""', `"unknown":"${'x'.repeat(bytes - body.length)}"`);
    };
    expect((await service.register(sized(64 * 1024))).status).toBe(201);
    expect((await service.register(sized(64 * 1024 + 1))).status).toBe(413);
  });

  test('512 members and not one more', async () => {
    const withMembers = (count: number) => ({
      ...Object.fromEntries(Array.from({ length: count - 1 }, (_, n) => [`x${n}`, n])),
      redirect_uris: ['http://127.0.0.1/cb'],
    });
    expect((await service.register(withMembers(512))).status).toBe(201);
    expect(await outcomeOf(JSON.stringify(withMembers(513)))).toMatchObject(REFUSED);
  });
});

describe('V2 names that JavaScript minds', () => {
  test.each(['__proto__', 'constructor', 'prototype'])(
    '%s is 400 at any depth, however it is spelt',
    async (name) => {
      const escaped = Array.from(name)
        .map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
        .join('');
      for (const spelt of [name, escaped]) {
        expect(await outcomeOf(`{"${spelt}":{"redirect_uris":["http://127.0.0.1/cb"]}}`)).toMatchObject(
          REFUSED,
        );
        expect(await outcomeOf(`{"jwks":{"keys":[{"${spelt}":{"polluted":true}}]}}`)).toMatchObject(REFUSED);
        expect(
          await outcomeOf(`{"redirect_uris":["http://127.0.0.1/cb"],"unknown":[{"a":{"${spelt}":1}}]}`),
        ).toMatchObject(REFUSED);
      }
    },
  );

  test.each(['toString', 'hasOwnProperty', 'valueOf', '__defineGetter__'])(
    '%s is a name like any other',
    async (name) => {
      const answer = await service.register(`{"redirect_uris":["http://127.0.0.1/cb"],"${name}":"x"}`);
      expect(answer.status).toBe(201);
      expect(Object.keys((await answer.json()) as object)).not.toContain(name);
    },
  );
});

describe('V3 text and numbers that storage minds', () => {
  test.each([
    ['NUL', '{"client_name":"a\\u0000b"}'],
    ['NUL in a name', '{"a\\u0000b":1}'],
    ['NUL where nobody reads', '{"redirect_uris":["http://127.0.0.1/cb"],"unknown":["\\u0000"]}'],
    ['a high surrogate alone', '{"client_name":"\\ud800"}'],
    ['a low surrogate alone', '{"software_id":"\\udc00x"}'],
    ['surrogates the wrong way round', '{"client_name":"\\udc00\\ud800"}'],
    ['a surrogate in a name', '{"\\ud800":1}'],
    ['1e400', '{"default_max_age":1e400}'],
    ['-1e400', '{"unknown":-1e400}'],
    ['2^53 + 1', '{"default_max_age":9007199254740993}'],
    ['-(2^53 + 1)', '{"unknown":-9007199254740993}'],
    ['C0 in a shown name', '{"redirect_uris":["http://127.0.0.1/cb"],"client_name":"a\\u0007b"}'],
  ])('%s is 400, and nothing is written', async (_, body) => {
    expect(await outcomeOf(body)).toMatchObject(REFUSED);
  });

  test('-0, and numbers that fit, are harmless where nobody reads them', async () => {
    const answer = await service.register(
      '{"redirect_uris":["http://127.0.0.1/cb"],"unknown":[-0,9007199254740991,0.5,5e-324]}',
    );
    expect(answer.status).toBe(201);
  });
});

describe('V6 line ends', () => {
  const ENDS = ['\\r\\n', '\\n', '\\r', '\\u0085', '\\u2028', '\\u2029'];

  test.each(ENDS)('%s in any member reaches no header, and no line of the log of its own', async (end) => {
    const canary = `Set-Cookie: canary${ENDS.indexOf(end)}=1`;
    for (const member of ['client_name', 'scope', 'software_id', 'client_uri', `x${end}y`]) {
      const answer = await service.register(
        `{"redirect_uris":["http://127.0.0.1/cb"],"${member}":"a${end}${canary}"}`,
      );
      expect(answer.status).toBeLessThan(500);
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect([...answer.headers.values()].join('\n')).not.toContain('canary');
    }
    expect(await outcomeOf(`{"redirect_uris":["http://127.0.0.1/cb${end}${canary}"]}`)).toMatchObject(
      REFUSED,
    );
    for (const line of logged) {
      expect(() => JSON.parse(line)).not.toThrow();
      expect(line.trimEnd()).not.toMatch(/[\r\n]/);
    }
  });

  test.each(['x\r\nSet-Cookie: a=1', 'a b', 'é', 'x'.repeat(200), '', '{"a":1}'])(
    'a correlation id %j is not taken over',
    async (id) => {
      const answer = await raw('POST', '/register', {
        'X-Request-Id': Buffer.from(id, 'utf8')
          .toString('latin1')
          .replace(/[\r\n]/g, '%0d'),
      });
      expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
      expect(answer.headers['set-cookie']).toBeUndefined();
    },
  );
});

/** Sends a request as it is: fetch would tidy path and headers. */
function raw(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body = JSON.stringify(aLoopbackClient()),
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  const { port } = new URL(service.url);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        headers: {
          Host: `localhost:${port}`,
          'Content-Type': 'application/json',
          'Content-Length': String(Buffer.byteLength(body)),
          ...headers,
        },
      },
      (incoming) => {
        let text = '';
        incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        incoming.on('end', () =>
          resolve({ status: incoming.statusCode!, headers: incoming.headers, body: text }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

describe('V7 other spellings of a path', () => {
  test.each([
    '//register',
    '/register//',
    '/Register',
    '/REGISTER',
    '/register;a=b',
    '/register.',
    '/register%2f',
    '/register%00',
    '/./register',
    '/a/../register',
    '/register%20',
    '/register\\',
    '/%',
    '/register/%c0%af',
  ])('POST %s registers nobody, and the answer is OAuth JSON', async (path) => {
    const before = await eventCount();
    const answer = await raw('POST', path);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(JSON.parse(answer.body)).toMatchObject({ error: expect.stringMatching(/^[a-z_]+$/) });
    expect(await eventCount()).toBe(before);
  });

  test.each([
    '/admin/v1/clients',
    '//admin/v1/clients',
    '/admin//v1/clients',
    '/Admin/v1/clients',
    '/admin/v1/clients/',
    '/admin/v1/clients;a',
    '/%61dmin/v1/clients',
    '/admin/v1%2fclients',
    '/admin/v1/./clients',
    '/register/../admin/v1/clients',
    '/admin/v1/clients.',
    '/admin/v1/clients%00',
  ])('GET %s shows nobody a client', async (path) => {
    const answer = await raw('GET', path, {}, '');
    expect([400, 401, 404, 405]).toContain(answer.status);
    expect(answer.body).not.toContain('items');
  });

  test('encoded letters are the path they stand for', async () => {
    expect((await raw('POST', '/%72egister')).status).toBe(201);
    expect((await raw('GET', '/%61dmin/v1/clients', {}, '')).status).toBe(401);
  });

  test.each([
    'application/json;',
    'application/json; charset=utf-8',
    'Application/JSON',
    'application/json ; a="b"',
  ])('the media type %j is JSON', async (type) => {
    expect((await raw('POST', '/register', { 'Content-Type': type })).status).toBe(201);
  });

  test.each([
    'text/plain',
    'text/json',
    'application/jsonp',
    'application/json-patch+json',
    'application/ld+json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/html, application/json',
    'application',
    '*/*',
    '',
  ])('the media type %j is not: 415', async (type) => {
    const before = await eventCount();
    const answer = await raw('POST', '/register', { 'Content-Type': type });
    expect(answer.status).toBe(415);
    expect(JSON.parse(answer.body)).toMatchObject({ error: 'unsupported_media_type' });
    expect(await eventCount()).toBe(before);
  });
});
