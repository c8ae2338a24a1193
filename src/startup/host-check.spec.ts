import { fastify, type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHostCheck } from './host-check.js';

let server: FastifyInstance;

beforeEach(() => {
  server = fastify();
  server.addHook('onRequest', createHostCheck('http://clientele.localhost:3000'));
  server.get('/', () => 'reached');
});

afterEach(() => server.close());

async function statusFor(host: string): Promise<number> {
  return (await server.inject({ method: 'GET', url: '/', headers: { host } })).statusCode;
}

describe('the Host check of development', () => {
  it.each([
    'localhost',
    'localhost:3000',
    'LOCALHOST:1',
    '127.0.0.1:3000',
    '127.8.9.1',
    '[::1]:3000',
    'a.localhost',
  ])('lets %s through', async (host) => {
    expect(await statusFor(host)).toBe(200);
  });

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example:3000',
    '10.0.0.1',
    '0.0.0.0:3000',
    '[::ffff:10.0.0.1]',
    'localhost@evil.example',
    'evil.example/localhost',
    ':3000',
    'a b',
  ])('refuses %j', async (host) => {
    expect(await statusFor(host)).toBe(421);
  });

  it('says in OAuth JSON what to do', async () => {
    const response = await server.inject({ method: 'GET', url: '/', headers: { host: 'evil.example' } });
    expect(response.json()).toEqual({
      error: 'invalid_request',
      error_description: expect.stringContaining('PUBLIC_URL'),
    });
  });
});
