// npm run demo: the whole way of a client, on a fresh start with a real Apache Kafka. Leaves nothing behind.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startService } from './demo/service.mjs';
import { eventsOfTopic } from './demo/topic.mjs';
import { heading, note, showJson, showRequest, table } from './demo/terminal.mjs';
import { BrokerUnavailable } from './kafka/broker-unavailable.mjs';
import { startKafkaBroker } from './kafka/broker.mjs';

const dataDirectory = await mkdtemp(path.join(tmpdir(), 'clientele-demo-'));
const cleanups = [() => rm(dataDirectory, { recursive: true, force: true })];

try {
  heading('Starting Apache Kafka and Clientele');
  const broker = await startBroker();
  const service = await startService({ dataDirectory, brokers: broker.brokers });
  cleanups.unshift(() => service.stop());
  note(`Clientele at ${service.url}, Kafka at ${broker.brokers}`);

  heading('A client on loopback: admitted at once');
  const native = await showRequest(service, 'POST', '/register', {
    client_name: 'A command line tool',
    redirect_uris: ['http://127.0.0.1:8765/callback'],
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
  });
  expect(native, 201, 'active');

  heading('A client from a host nobody knows: registered, and waiting for a person');
  const unknown = await showRequest(service, 'POST', '/register', {
    client_name: 'Nightly report',
    redirect_uris: ['https://reports.acme.example/oauth/callback'],
    token_endpoint_auth_method: 'none',
  });
  expect(unknown, 201, 'pending');

  heading('A client from a denied domain: refused, with the rule and the reason');
  const denied = await showRequest(service, 'POST', '/register', {
    client_name: 'Free gift cards',
    redirect_uris: ['https://login.evil.example/callback'],
    token_endpoint_auth_method: 'none',
  });
  expect(denied, 400);

  heading('An operator lets the waiting client in');
  const approved = await showRequest(
    service,
    'POST',
    `/admin/v1/clients/${unknown.body.client_id}/approve`,
    { reason: 'acme is a partner' },
    { bearer: service.adminToken, show: ['client_id', 'status', 'version', 'trust'] },
  );
  expect(approved, 200);

  heading('A machine client comes with an initial access token');
  const issued = await showRequest(
    service,
    'POST',
    '/admin/v1/initial-access-tokens',
    { reason: 'nightly batch', max_uses: 1 },
    { bearer: service.adminToken, show: ['id', 'max_uses', 'expires_at'] },
  );
  const machine = await showRequest(
    service,
    'POST',
    '/register',
    { client_name: 'Nightly batch', grant_types: ['client_credentials'] },
    { bearer: issued.body.token, show: ['client_id', 'grant_types', 'client_status'] },
  );
  expect(machine, 201, 'active');

  heading('It gets a token');
  const credentials = { id: machine.body.client_id, secret: machine.body.client_secret };
  const token = await showRequest(
    service,
    'POST',
    '/token',
    { grant_type: 'client_credentials' },
    { form: true, credentials },
  );
  expect(token, 200);

  heading('It deletes itself (RFC 7592), and its very next request is refused');
  const deleted = await showRequest(service, 'DELETE', `/register/${machine.body.client_id}`, undefined, {
    bearer: machine.body.registration_access_token,
  });
  expect(deleted, 204);
  const refused = await showRequest(
    service,
    'POST',
    '/token',
    { grant_type: 'client_credentials' },
    { form: true, credentials },
  );
  expect(refused, 401);

  heading('What came out of the Kafka topic clientele.events.v1');
  const position = await service.logHead();
  const records = await eventsOfTopic(broker.brokers, position);
  table(
    ['position', 'ce_type', 'ce_subject', 'version', 'partition'],
    records.map((record) => [
      record.headers.ce_position,
      record.headers.ce_type,
      record.headers.ce_subject,
      record.headers.ce_streamversion,
      String(record.partition),
    ]),
  );
  const deletion = records.at(-1);
  note('The last one, whole: its headers, then its value as the log holds it.');
  showJson(deletion.headers);
  showJson(deletion.value);
  note(
    `${records.length} events in the log, ${records.length} in Kafka. Secrets are digests, addresses are sealed.`,
  );
} catch (error) {
  console.error(error instanceof BrokerUnavailable ? error.message : error);
  process.exitCode = 1;
} finally {
  for (const cleanUp of cleanups) await cleanUp();
}

async function startBroker() {
  const configured = process.env.KAFKA_BROKERS;
  if (configured) return { brokers: configured };
  const broker = await startKafkaBroker();
  cleanups.unshift(() => broker.stop());
  return broker;
}

/** The demo shows what it says, or fails. */
function expect({ status, body }, expectedStatus, clientStatus) {
  if (status !== expectedStatus || (clientStatus && body.client_status !== clientStatus)) {
    throw new Error(
      `expected ${expectedStatus} ${clientStatus ?? ''}, got ${status} ${JSON.stringify(body)}`,
    );
  }
}
