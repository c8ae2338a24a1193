import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { JsonObject } from '../../contract/json.js';
import type { Rejection } from '../../domain/rejection.js';
import { Clock } from '../../platform/clock.js';
import type { RateLimits } from '../../platform/config/configuration.js';
import { TokenBuckets } from '../../platform/rate-limits/token-buckets.js';
import { Metrics } from '../../platform/telemetry/metrics.js';
import type { RegistrationCaller } from '../register-client/registration-callers.js';
import { RegistrationCapacity } from './registration-capacity.js';
import { RegistrationLimits } from './registration-limits.js';
import { ThrottledRegistrations } from './throttled-registrations.js';

const production: RateLimits = { address: 600, sameRequest: 120, shared: 1_200, token: 600, failures: 30 };
const nothing = undefined as never;

/** The limits alone: no capacity, and nothing that needs the log before somebody flushes. */
function limitsWith(rateLimits: RateLimits): RegistrationLimits {
  const throttled = new ThrottledRegistrations(nothing, nothing, nothing, new Metrics(), new Clock());
  return new RegistrationLimits(
    rateLimits,
    new TokenBuckets(),
    new RegistrationCapacity(nothing, null),
    throttled,
  );
}

const anonymous = { token: undefined } as RegistrationCaller;
const holderOf = (id: string) => ({ token: { state: { token_id: id } } }) as unknown as RegistrationCaller;

const claude = { client_name: 'Claude', redirect_uris: ['https://claude.ai/api/mcp/auth_callback'] };
const native = (port: number) => ({
  redirect_uris: [`http://127.0.0.1:${port}/cb`],
  software_id: 'mcp-remote',
});

let limits: RegistrationLimits;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  limits = limitsWith(production);
});
afterEach(() => {
  vi.useRealTimers();
});

function register(ip: string, value: JsonObject, caller = anonymous): Rejection | undefined {
  const sha256 = createHash('sha256').update(JSON.stringify(value)).digest('base64url');
  return limits.forOneRequest()({
    realm: 'default',
    caller,
    origin: { ip, userAgent: null, correlationId: 'test', traceparent: null },
    body: { ok: true, value, sha256 },
  });
}

/** How many of so many get through. */
function through(times: number, attempt: (n: number) => Rejection | undefined): number {
  return Array.from({ length: times }, (_, n) => attempt(n)).filter((rejection) => !rejection).length;
}

const limitOf = (rejection: Rejection | undefined) => rejection?.kind === 'throttled' && rejection.limit;

describe('the limits on registrations', () => {
  test('D3 a thousand clients behind one address pass, alike or not', () => {
    expect(through(1_000, () => register('192.0.2.1', claude))).toBe(1_000);
    expect(through(1_000, (n) => register('192.0.2.2', native(2_000 + n)))).toBe(1_000);
  });

  test('D3 seventy a minute from one developer pass all day', () => {
    const day = through(70 * 60 * 24, () => {
      vi.advanceTimersByTime(60_000 / 70);
      return register('192.0.2.1', claude);
    });
    expect(day).toBe(70 * 60 * 24);
  });

  test('R-09 a request that repeats from one address stops first, and others from there go on', () => {
    expect(through(5_000, () => register('192.0.2.1', claude))).toBe(1_200);
    expect(limitOf(register('192.0.2.1', claude))).toBe('same_request');
    expect(register('192.0.2.1', native(2_000))).toBeUndefined();
    expect(register('192.0.2.2', claude)).toBeUndefined();
  });

  test('R-09 an address has a ceiling, whatever it sends', () => {
    expect(
      through(10_000, (n) => register('192.0.2.1', { redirect_uris: [`http://127.0.0.1:${n}/cb`] })),
    ).toBe(6_000);
    expect(limitOf(register('192.0.2.1', native(1)))).toBe('address');
    expect(register('192.0.2.2', native(1))).toBeUndefined();
  });

  test('D2 strangers who flood with the redirect URI of a known client do not lock it out', () => {
    for (let stranger = 0; stranger < 20; stranger++) {
      through(1_000, (n) => register(`198.51.100.${stranger}`, { ...claude, client_name: `x${n}` }));
    }
    // Every address has its share of what all have used up; theirs is gone.
    expect(through(100, () => register('192.0.2.1', claude))).toBe(100);
    expect(limitOf(register('198.51.100.19', { ...claude, client_name: 'again' }))).toBe('redirect_host');
  });

  test('D2 neither does a flood with the software of a known client, nor one with its very body', () => {
    for (let stranger = 0; stranger < 30; stranger++) {
      through(1_200, (n) => register(`198.51.100.${stranger}`, native(n)));
      through(1_200, () => register(`203.0.113.${stranger}`, claude));
    }
    expect(through(100, (n) => register('192.0.2.1', native(n)))).toBe(100);
    expect(through(100, () => register('192.0.2.2', claude))).toBe(100);
    expect(limitOf(register('198.51.100.29', native(7)))).toBe('software');
  });

  test('D2 the holder of a token has a bucket of its own, and neither floods nor is flooded', () => {
    through(10_000, () => register('192.0.2.1', claude));
    expect(through(1_000, () => register('192.0.2.1', claude, holderOf('a')))).toBe(1_000);
    expect(through(10_000, () => register('192.0.2.1', claude, holderOf('a')))).toBe(5_000);
    expect(limitOf(register('192.0.2.1', claude, holderOf('a')))).toBe('initial_access_token');
    expect(register('192.0.2.1', claude, holderOf('b'))).toBeUndefined();
    expect(register('192.0.2.3', claude)).toBeUndefined();
  });

  test('D-5 says truly when the next one is let through', () => {
    through(1_200, () => register('192.0.2.1', claude));
    const rejection = register('192.0.2.1', claude)!;
    expect(rejection).toEqual({ kind: 'throttled', limit: 'same_request', retryAfterSeconds: 1 });
    vi.advanceTimersByTime(400);
    expect(register('192.0.2.1', claude)).toBeDefined();
    vi.advanceTimersByTime(600);
    expect(register('192.0.2.1', claude)).toBeUndefined();
  });

  test('a request is counted once, however often it is decided', () => {
    limits = limitsWith({ ...production, sameRequest: null, shared: null, address: 1 });
    const limit = limits.forOneRequest();
    const request = {
      realm: 'default',
      caller: anonymous,
      origin: { ip: '192.0.2.1', userAgent: null, correlationId: 'test', traceparent: null },
      body: { ok: false, description: 'no JSON' } as const,
    };
    expect(through(100, () => limit(request))).toBe(100);
    expect(through(100, () => limits.forOneRequest()(request))).toBe(9);
  });

  test('what is refused takes nothing from anybody', () => {
    through(10_000, () => register('198.51.100.1', claude));
    expect(through(2_000, () => register('192.0.2.1', claude))).toBe(1_200);
  });

  test('where nothing is limited everything passes', () => {
    limits = limitsWith({ address: null, sameRequest: null, shared: null, token: null, failures: null });
    expect(through(20_000, () => register('192.0.2.1', claude))).toBe(20_000);
  });
});
