import { afterAll, beforeAll, expect, test } from 'vitest';
import { topics } from '../../src/platform/kafka/topics.js';
import { startKafkaBroker, type KafkaBroker } from '../support/kafka-broker.js';
import { consume, versionsKept } from '../support/kafka-records.js';
import type { LooseJson } from '../support/loose-json.js';
import { aLoopbackClient } from '../support/registrations.js';
import { startTestService, type TestService } from '../support/service.js';

let broker: KafkaBroker;
let service: TestService;
beforeAll(async () => {
  broker = await startKafkaBroker();
  service = await startTestService({ kafka: { brokers: [broker.brokers], ssl: false, sasl: null } });
});
afterAll(async () => {
  await service.stop();
  await broker.stop();
});

async function registerAndDelete(count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const response = await service.register(aLoopbackClient());
    expect(response.status).toBe(201);
    const { client_id, registration_access_token } = (await response.json()) as LooseJson;
    const deleted = await service.request(`/register/${client_id}`, {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${registration_access_token}` },
    });
    expect(deleted.status).toBe(204);
  }
}

async function loggedEvents(): Promise<{ event_id: string; stream: string; version: number }[]> {
  const { rows } = await service.database.pool.query(
    'select event_id, stream, version from events order by position',
  );
  return rows;
}

test('N4 with the broker stopped registrations go on, and when it returns every event arrives, each client in order', async () => {
  const { checks } = (await (await service.request('/health/ready')).json()) as LooseJson;
  expect(checks.relay).toEqual({ ready: true, detail: 'connected to Kafka, publishing' });
  await registerAndDelete(3);
  await broker.kill();
  await registerAndDelete(5);
  expect((await service.request('/health/ready')).status).toBe(200);
  await broker.restart();
  await registerAndDelete(3);

  const logged = await loggedEvents();
  const records = await consume(
    broker.brokers,
    topics.events.name,
    (all) => new Set(all.map((record) => record.headers['ce_id'])).size === logged.length,
  );

  expect(new Set(records.map((record) => record.headers['ce_id']))).toEqual(
    new Set(logged.map((event) => event.event_id)),
  );
  const kept = versionsKept(records);
  for (const { stream } of logged) {
    const versions = logged.filter((event) => event.stream === stream).map((event) => event.version);
    expect(kept.get(stream)).toEqual(versions);
  }
}, 120_000);
