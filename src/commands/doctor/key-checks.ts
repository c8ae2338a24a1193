import { MasterKey } from '../../platform/crypto/master-key.js';
import { fail, ok, type DatabaseCheck } from './check.js';

/** The newest ones: what was wrapped by another key shows there first. */
const MOST_SEALING_KEYS = 1_000;

interface WrappedKey {
  readonly purpose: string;
  readonly name: string;
  readonly wrapped: Buffer;
}

/** What the master key opens. */
export const keyChecks: readonly DatabaseCheck[] = [
  {
    name: 'master key',
    after: ['schema'],
    async run({ client, masterKey }) {
      const { rows } = await client.query<WrappedKey>(wrappedKeys, [MOST_SEALING_KEYS]);
      if (rows.length === 0) return ok('nothing is wrapped yet');
      if (masterKey === undefined) {
        return fail(
          `${rows.length} keys are wrapped, and there is no master key`,
          'Set MASTER_KEY or MASTER_KEY_FILE to the key that this database was used with.',
        );
      }
      const opener = new MasterKey(masterKey);
      const closed = rows.filter((row) => !opens(opener, row));
      if (closed.length === 0) return ok(`opens all stored keys that were tried: ${rows.length}`);
      const names = closed.slice(0, 3).map(({ purpose, name }) => `${purpose} ${name}`);
      return fail(
        `does not open ${closed.length} of ${rows.length} stored keys, e.g. ${names.join(', ')}`,
        closed.length === rows.length
          ? 'MASTER_KEY is not the key that this database was used with: set that one.'
          : 'Two master keys were in use. What the other one wrapped can be read with that one only.',
      );
    },
  },
];

function opens(masterKey: MasterKey, { purpose, name, wrapped }: WrappedKey): boolean {
  try {
    masterKey.unwrap(purpose, name, wrapped);
    return true;
  } catch {
    return false;
  }
}

const wrappedKeys = `
  (select 'signing-key' as purpose, realm || ':' || kid as name, wrapped_private_jwk as wrapped from signing_keys)
  union all
  (select 'cookie-key', realm || ':' || id, wrapped_key from cookie_keys)
  union all
  (select 'sealing', key_id, wrapped from sealing_keys where key_id = 'proof')
  union all
  (select 'sealing', key_id, wrapped from sealing_keys where key_id <> 'proof' order by created_at desc limit $1)`;
