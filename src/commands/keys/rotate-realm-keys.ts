import type pg from 'pg';
import { PostgresRealmRegistry } from '../../application/realms/postgres-realm-registry.js';
import type { RealmKeysRotated } from '../../contract/events/keys-rotated.event.js';
import { streams } from '../../contract/streams.js';
import { newCookieKey, newSigningKey } from '../../features/authorization/storage/new-keys.js';
import { timestamp } from '../../platform/clock.js';
import type { MasterKey } from '../../platform/crypto/master-key.js';
import { Sealer } from '../../platform/crypto/sealer.js';
import { recordingInTransaction } from './append-in-transaction.js';
import { commandOrigin } from './operator.js';

export interface RealmRotation {
  readonly realm: string;
  readonly mode: RealmKeysRotated['mode'];
  /** Seconds between the publication of the new key and its first signature; an immediate rotation has none. */
  readonly lead: number;
  readonly reason: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Gives a realm new keys for tokens and cookies, and records it in the same transaction.
 *
 * @throws Error for a realm that nobody configured
 */
export async function rotateRealmKeys(
  pool: pg.Pool,
  masterKey: MasterKey,
  { realm, mode, lead, reason, now }: RealmRotation,
): Promise<Omit<RealmKeysRotated, 'reason'>> {
  const signing = await newSigningKey(realm, masterKey);
  const cookie = newCookieKey(realm, masterKey);
  const activatesAt = timestamp(mode === 'scheduled' ? now + lead * 1000 : now);
  const origin = await commandOrigin(new Sealer(pool, masterKey), realm, now, reason);
  return recordingInTransaction(pool, async (client) => {
    const head = await new PostgresRealmRegistry(client as unknown as pg.Pool).find(realm);
    if (!head) throw new Error(`There is no realm ${JSON.stringify(realm)}.`);
    const replaced = await replaceKeys(client, 'signing_keys', 'kid', mode, realm, activatesAt);
    await replaceKeys(client, 'cookie_keys', 'id', mode, realm, activatesAt);
    await client.query(
      `insert into signing_keys (realm, kid, public_jwk, wrapped_private_jwk, activates_at)
       values ($1, $2, $3, $4, $5)`,
      [realm, signing.kid, signing.publicJwk, signing.wrapped, activatesAt],
    );
    await client.query(
      'insert into cookie_keys (realm, id, wrapped_key, activates_at) values ($1, $2, $3, $4)',
      [realm, cookie.id, cookie.wrapped, activatesAt],
    );
    const result = { name: realm, mode, kid: signing.kid, activates_at: activatesAt, replaced };
    return {
      result,
      call: {
        context: origin.context,
        writes: [
          {
            stream: streams.realm(realm),
            head,
            events: [{ type: 'realm.keys_rotated', data: { ...result, reason: origin.reason } }],
          },
        ],
      },
    };
  });
}

/** Retires the key in force when the new one takes over; where it must not verify any more, removes every key. */
async function replaceKeys(
  client: pg.ClientBase,
  table: 'signing_keys' | 'cookie_keys',
  id: 'kid' | 'id',
  mode: RealmKeysRotated['mode'],
  realm: string,
  activatesAt: string,
): Promise<readonly string[]> {
  const { rows } =
    mode === 'immediate'
      ? await client.query<{ id: string }>(`delete from ${table} where realm = $1 returning ${id} as id`, [
          realm,
        ])
      : await client.query<{ id: string }>(
          `update ${table} set retired_at = $2 where realm = $1 and retired_at is null returning ${id} as id`,
          [realm, activatesAt],
        );
  return rows.map((row) => row.id);
}
