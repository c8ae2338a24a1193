import kafkajs, { type Admin } from 'kafkajs';
import { kafkaOf } from '../../platform/config/read-configuration.js';
import { createKafkaClient } from '../../platform/kafka/kafka-client.js';
import { topics, type Topic } from '../../platform/kafka/topics.js';
import { fail, ok, skip, warn, type Check, type DatabaseCheck, type Finding, type Patient } from './check.js';

/** Behind by more than this is worth a look. */
const LATE_SECONDS = 60;

const { ConfigResourceTypes } = kafkajs;

/** The brokers and their topics. */
export const kafkaChecks: readonly Check[] = [
  {
    name: 'kafka',
    async run(patient) {
      if (patient.reading.settings.KAFKA_BROKERS === undefined)
        return skip('KAFKA_BROKERS is not set: events wait in the log');
      return withAdmin(patient, async (admin) => {
        const { brokers, controller } = await admin.describeCluster();
        return ok(`${brokers.length} brokers answer, controller ${controller ?? 'unknown'}`);
      });
    },
  },
  {
    name: 'topics',
    after: ['kafka'],
    run: (patient) =>
      withAdmin(patient, async (admin) => {
        const existing = new Set(await admin.listTopics());
        const findings: Finding[] = [];
        for (const topic of Object.values(topics)) findings.push(await examine(admin, topic, existing));
        return findings;
      }),
  },
];

/** Who relays, and how far. */
export const relayChecks: readonly DatabaseCheck[] = [
  {
    name: 'relay',
    after: ['schema'],
    async run({ client, reading }) {
      const { rows } = await client.query<RelayRow>(relayQuery);
      const relay = rows[0];
      if (!relay)
        return fail(
          'relay_lease has no row',
          "Restore the row: insert into relay_lease values ('events', null, 0, '-infinity', 0);",
        );
      const cursor = Number(relay.cursor);
      const head = Number(relay.head);
      const found = `${head - cursor} events behind at position ${cursor} of ${head}; ${relay.held ? `${relay.holder} leads` : 'nobody leads'}`;
      if (cursor > head) {
        return fail(
          found,
          'The cursor is beyond the log, so new events would not be published. After a restore set it to the last position that consumers have.',
        );
      }
      if (reading.settings.KAFKA_BROKERS === undefined) return ok(found);
      if (!relay.held) return warn(found, 'Start an instance with the role relay.');
      return relay.late_seconds > LATE_SECONDS
        ? warn(
            `${found}; the oldest has waited ${Math.round(relay.late_seconds)} s`,
            'See the log of the instance that leads, and Kafka.',
          )
        : ok(found);
    },
  },
];

interface RelayRow {
  readonly holder: string | null;
  readonly held: boolean;
  readonly cursor: string;
  readonly head: string;
  readonly late_seconds: number;
}

const relayQuery = `
  select l.holder, l.expires_at > now() as held, l.cursor,
         (select coalesce(max(position), 0) from events) as head,
         coalesce((select extract(epoch from now() - e.recorded_at)::float8 from events e
                   where e.position > l.cursor order by e.position limit 1), 0) as late_seconds
  from relay_lease l where l.name = 'events'`;

async function examine(admin: Admin, topic: Topic, existing: ReadonlySet<string>): Promise<Finding> {
  const check = `topic ${topic.name}`;
  if (!existing.has(topic.name)) {
    return {
      check,
      ...warn(
        'does not exist',
        `The relay creates it where it may. Otherwise create it with ${topic.partitions} partitions.`,
      ),
    };
  }
  const metadata = await admin.fetchTopicMetadata({ topics: [topic.name] });
  const partitions = metadata.topics[0]?.partitions ?? [];
  if (partitions.length !== topic.partitions) {
    return {
      check,
      ...fail(
        `has ${partitions.length} partitions, not ${topic.partitions}`,
        'Order per client holds as long as the number never changes again. Before the first consumer, delete the topic and let the relay create it.',
      ),
    };
  }
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [
      { type: ConfigResourceTypes.TOPIC, name: topic.name, configNames: Object.keys(topic.settings) },
    ],
  });
  const entries = resources[0]?.configEntries ?? [];
  const settings = entries.map(({ configName, configValue }) => `${configName}=${configValue}`).join(', ');
  const differing = entries.filter(
    ({ configName, configValue }) => topic.settings[configName] !== configValue,
  );
  const replicas = Math.min(...partitions.map((partition) => partition.replicas.length));
  const found = `${partitions.length} partitions, ${replicas} replicas, ${settings}`;
  if (differing.length === 0) return { check, ...ok(found) };
  const wanted = differing.map(({ configName }) => `${configName}=${topic.settings[configName]}`).join(', ');
  return {
    check,
    ...warn(
      found,
      `Made with other settings than ours (${wanted}): consumers that begin later may miss events.`,
    ),
  };
}

async function withAdmin<Result>(
  { reading }: Patient,
  work: (admin: Admin) => Promise<Result>,
): Promise<Result> {
  const admin = createKafkaClient(kafkaOf(reading.settings)!, { debug: () => undefined }).admin();
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
