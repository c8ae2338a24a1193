import type pg from 'pg';
import { DEFAULT_REALM } from '../../application/realms/realm-registry.js';
import type { MasterKeyRotated } from '../../contract/events/keys-rotated.event.js';
import { streams } from '../../contract/streams.js';
import { COOKIES, SIGNING } from '../../features/authorization/storage/new-keys.js';
import type { MasterKey } from '../../platform/crypto/master-key.js';
import { Sealer } from '../../platform/crypto/sealer.js';
import { eventHash } from '../../platform/event-log/encode-event.js';
import { recordingInTransaction } from './append-in-transaction.js';
import { commandOrigin } from './operator.js';

const PAGE = 1_000;

/** Where wrapped keys lie: every table that the master key stands before. */
const tables = [
  { name: 'sealing_keys', purpose: 'sealing', id: 'key_id', wrapped: 'wrapped' },
  { name: 'signing_keys', purpose: SIGNING, id: `realm || ':' || kid`, wrapped: 'wrapped_private_jwk' },
  { name: 'cookie_keys', purpose: COOKIES, id: `realm || ':' || id`, wrapped: 'wrapped_key' },
] as const;

type WrappedTable = (typeof tables)[number];

/** Names of the service's connections, see DatabaseModule: who has one goes on with the old master key. */
const SERVING = ['clientele', 'clientele:typeorm'];

/** Instances are running, and would go on wrapping new keys with the old master key. */
export class InstancesRunning extends Error {
  constructor(connections: number) {
    super(
      `${connections} connections of running instances: stop every instance first. Keys that they make meanwhile would be ` +
        'wrapped by the old master key and could not be opened any more.',
    );
    this.name = 'InstancesRunning';
  }
}

/**
 * Wraps every stored key anew under another master key, and records it: in one transaction, so that an interruption leaves
 * everything as it was. The keys themselves, and what was sealed or signed with them, do not change.
 *
 * @throws InstancesRunning
 * @throws Error when a stored key does not open with the old master key
 */
export async function rewrapKeys(
  pool: pg.Pool,
  from: MasterKey,
  to: MasterKey,
  { reason, now }: { readonly reason: string | undefined; readonly now: number },
): Promise<Omit<MasterKeyRotated, 'reason'>> {
  // Sealed before the tables are locked: it may make a key, which is then wrapped anew like the others.
  const origin = await commandOrigin(new Sealer(pool, from), DEFAULT_REALM, now, reason);
  return recordingInTransaction(pool, async (client) => {
    await client.query(`lock table ${tables.map(({ name }) => name).join(', ')} in exclusive mode`);
    await refuseBesideInstances(client);
    const result = {
      sealing_keys: await rewrapTable(client, tables[0], from, to),
      signing_keys: await rewrapTable(client, tables[1], from, to),
      cookie_keys: await rewrapTable(client, tables[2], from, to),
    };
    const head = await headOf(client, streams.masterKey);
    return {
      result,
      call: {
        context: origin.context,
        writes: [
          {
            stream: streams.masterKey,
            head,
            events: [{ type: 'master_key.rotated', data: { ...result, reason: origin.reason } }],
          },
        ],
      },
    };
  });
}

async function refuseBesideInstances(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ count: string }>(
    `select count(*) from pg_stat_activity where datname = current_database() and application_name = any ($1)`,
    [SERVING],
  );
  const connections = Number(rows[0]?.count ?? 0);
  if (connections > 0) throw new InstancesRunning(connections);
}

async function rewrapTable(
  client: pg.ClientBase,
  { name, purpose, id, wrapped }: WrappedTable,
  from: MasterKey,
  to: MasterKey,
): Promise<number> {
  let done = 0;
  let after = '';
  for (;;) {
    const { rows } = await client.query<{ id: string; wrapped: Buffer }>(
      `select (${id}) collate "C" as id, ${wrapped} as wrapped from ${name}
       where (${id}) collate "C" > $1 order by 1 limit ${PAGE}`,
      [after],
    );
    if (rows.length === 0) return done;
    const anew = rows.map((row) => to.wrap(purpose, row.id, open(from, purpose, row)));
    await client.query(
      `update ${name} set ${wrapped} = fresh.fresh_wrapped
       from unnest($1::text[], $2::bytea[]) as fresh(fresh_id, fresh_wrapped) where (${id}) = fresh.fresh_id`,
      [rows.map((row) => row.id), anew],
    );
    done += rows.length;
    after = rows.at(-1)!.id;
  }
}

function open(
  masterKey: MasterKey,
  purpose: string,
  row: { readonly id: string; readonly wrapped: Buffer },
): Buffer {
  try {
    return masterKey.unwrap(purpose, row.id, row.wrapped);
  } catch (error) {
    throw new Error(
      `${purpose} ${row.id} does not open with the present master key, so nothing was changed: clientele doctor tells more.`,
      { cause: error },
    );
  }
}

/** Where a stream without a projection stands. */
async function headOf(client: pg.ClientBase, stream: string) {
  const { rows } = await client.query<{ version: number; body: Buffer }>(
    'select version, body from events where stream = $1 order by version desc limit 1',
    [stream],
  );
  const last = rows[0];
  return last && { version: last.version, hash: eventHash(last.body), state: undefined };
}
