import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../../../test/support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

const cursor = (content: unknown): string => Buffer.from(JSON.stringify(content)).toString('base64url');

describe('a cursor that the service never handed out', () => {
  test.each([
    ['no JSON', 'bm90IGpzb24'],
    ['no pair', cursor({})],
    ['a pair of something else', cursor([1, 2])],
    ['a time that only JavaScript can read', cursor(['1', 'c_1'])],
    ['a time beyond the calendar of PostgreSQL', cursor(['+275760-09-13T00:00:00.000Z', 'c_1'])],
    ['an id that PostgreSQL cannot hold', cursor(['2026-11-23T10:00:00.000Z', 'c_\0'])],
  ])('%s is no server error', async (_, text) => {
    const response = await service.admin('GET', `/clients?cursor=${encodeURIComponent(text)}`);
    expect(response.status).toBeLessThan(500);
  });
});
