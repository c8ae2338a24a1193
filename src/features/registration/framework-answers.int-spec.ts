import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../../test/support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

describe('R-71 a request that never reaches a controller', () => {
  test.each([
    ['a path that cannot be decoded', '/register/%zz', {}, 400],
    ['a path that is no UTF-8', '/register/%ff', {}, 400],
    ['an unknown path', '/register/a/b', {}, 404],
    ['another method', '/register', { method: 'PUT' }, 405],
    ['another media type', '/register', { method: 'POST', body: 'a=b' }, 415],
  ] as const)('%s is answered as OAuth JSON', async (_, path, init, status) => {
    const response = await service.request(path, init);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    const body = (await response.json()) as object;
    expect(Object.keys(body).toSorted()).toEqual(['error', 'error_description']);
  });
});
