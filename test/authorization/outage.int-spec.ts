import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrations } from '../../src/migrations.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { createPool } from '../../src/platform/database/pool.js';
import { startTestCluster, type TestCluster } from '../support/postgres.js';
import { startTestService, type TestService } from '../support/service.js';

let cluster: TestCluster;
let service: TestService;
beforeAll(async () => {
  cluster = await startTestCluster();
  await migrate(cluster.url, migrations);
  const { url } = cluster;
  const database = {
    url,
    serviceUrl: url,
    reportUrl: url,
    pool: createPool(url),
    drop: async () => undefined,
  };
  service = await startTestService({}, database);
  await database.pool.end();
});
afterAll(async () => {
  await service.stop();
  await cluster.destroy();
});

it('C-45 without its database every endpoint says when to come back, in the form its reader understands', async () => {
  await cluster.stop();
  const jwks = await service.request('/jwks');
  expect([jwks.status, jwks.headers.get('retry-after')]).toEqual([503, '2']);
  const page = await service.request('/authorize?client_id=c_1&response_type=code');
  expect([page.status, page.headers.get('retry-after')]).toEqual([503, '2']);
  expect(page.headers.get('content-type')).toMatch(/^text\/html/);
  expect(await page.text()).toContain('Something went wrong here');
});
