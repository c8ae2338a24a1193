import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deferred } from '../../../test/support/deferred.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/postgres.js';
import type { JsonValue } from '../../contract/json.js';
import type { Sealed } from '../../contract/sealed.js';
import { MasterKey } from './master-key.js';
import { Sealer, sealingKeys } from './sealer.js';

/** What AES-GCM says of a tag that does not fit, and of input too short to have one. */
const REFUSED = /unable to authenticate data|Invalid authentication tag/;
let database: TestDatabase;
let sealer: Sealer;
const masterKey = new MasterKey(randomBytes(32));
const anotherInstance = (): Sealer => new Sealer(database.pool, masterKey);

beforeAll(async () => {
  database = await createTestDatabase();
  sealer = anotherInstance();
});
afterAll(() => database.drop());

async function storedKeys(keyId: string): Promise<number> {
  const { rows } = await database.pool.query<{ n: number }>(
    'select count(*)::int as n from sealing_keys where key_id = $1',
    [keyId],
  );
  return rows[0]!.n;
}

/** The database's pool with something between the question and the answer. */
function poolAnswering(answer: (query: () => Promise<unknown>) => Promise<unknown>): typeof database.pool {
  const ask = database.pool.query.bind(database.pool) as (...question: unknown[]) => Promise<unknown>;
  const query = (...question: unknown[]) => answer(() => ask(...question));
  return { query } as unknown as typeof database.pool;
}

const changed = (sealed: Sealed, changes: Partial<Sealed['$sealed']>): Sealed => ({
  $sealed: { ...sealed.$sealed, ...changes },
});

describe('a sealed value', () => {
  test.each<[string, JsonValue]>([
    ['a text', '203.0.113.7'],
    ['an empty text', ''],
    ['a text beyond ASCII', '名前 🙂'],
    ['null', null],
    ['a list', ['ops@acme.example', 'sec@acme.example']],
    ['an object', { a: [1, { b: true }] }],
  ])('%s is opened as what it was, by any instance', async (_, value) => {
    const sealed = await sealer.seal('round-trip', value);
    expect(await sealer.unseal(sealed)).toEqual(value);
    expect(await anotherInstance().unseal(sealed)).toEqual(value);
  });

  test('names its key, is never the same twice, and does not show what is in it', async () => {
    const [one, other] = await Promise.all([sealer.seal('twice', 'canary'), sealer.seal('twice', 'canary')]);
    expect(one.$sealed.key).toBe('twice');
    expect(one.$sealed.ciphertext).not.toBe(other.$sealed.ciphertext);
    expect(one.$sealed.nonce).not.toBe(other.$sealed.nonce);
    expect(Buffer.from(one.$sealed.ciphertext, 'base64url').includes('canary')).toBe(false);
  });

  test('that was altered, cut short or moved to another key is refused', async () => {
    const sealed = await sealer.seal('altered', 'a value');
    await sealer.seal('another', 'a value');
    const bytes = Buffer.from(sealed.$sealed.ciphertext, 'base64url');
    const flipped = Buffer.from(bytes);
    flipped[0]! ^= 1;
    const forgeries = [
      changed(sealed, { ciphertext: flipped.toString('base64url') }),
      changed(sealed, { ciphertext: bytes.subarray(0, -1).toString('base64url') }),
      changed(sealed, { ciphertext: '' }),
      changed(sealed, { nonce: randomBytes(12).toString('base64url') }),
      changed(sealed, { key: 'another' }),
    ];
    for (const forgery of forgeries) await expect(sealer.unseal(forgery)).rejects.toThrow(REFUSED);
  });

  test('of a key that does not exist is erased, and asking makes no key', async () => {
    const sealed = changed(await sealer.seal('existing', 'a value'), { key: 'never-made' });
    expect(await sealer.unseal(sealed)).toBeUndefined();
    expect(await storedKeys('never-made')).toBe(0);
  });

  test('is erased for every instance that starts after its key was destroyed', async () => {
    const sealed = await sealer.seal('destroyed', 'a value');
    await database.pool.query('delete from sealing_keys where key_id = $1', ['destroyed']);
    expect(await anotherInstance().unseal(sealed)).toBeUndefined();
  });

  test('cannot be opened when its key was taken from another row', async () => {
    const sealed = await sealer.seal('row-1', 'a value');
    await sealer.seal('row-2', 'a value');
    await database.pool.query(
      `update sealing_keys set wrapped = (select wrapped from sealing_keys where key_id = 'row-2')
       where key_id = 'row-1'`,
    );
    await expect(anotherInstance().unseal(sealed)).rejects.toThrow(REFUSED);
  });
});

describe('a sealing key', () => {
  test('is one and the same for instances that need it first at the same moment', async () => {
    const instances = Array.from({ length: 8 }, anotherInstance);
    const sealed = await Promise.all(
      instances.flatMap((instance) => [instance.seal('raced', 1), instance.seal('raced', 2)]),
    );
    expect(await storedKeys('raced')).toBe(1);
    const opened = await Promise.all(sealed.map((each) => anotherInstance().unseal(each)));
    expect(opened).toEqual(instances.flatMap(() => [1, 2]));
  });

  test('is made for who seals, also while somebody else still learns that there is none', async () => {
    const erased = changed(await sealer.seal('existing', 'a value'), { key: 'looked-for-and-made' });
    const looked = deferred();
    const told = deferred();
    const slow = poolAnswering(async (query) => {
      const answer = await query();
      looked.resolve();
      await told.promise;
      return answer;
    });
    const instance = new Sealer(slow, masterKey);
    const opening = instance.unseal(erased);
    await looked.promise;
    const sealing = instance.seal('looked-for-and-made', 'fresh');
    told.resolve();
    expect(await opening).toBeUndefined();
    expect(await anotherInstance().unseal(await sealing)).toBe('fresh');
  });

  test('never lies in the database in clear', async () => {
    await sealer.seal('wrapped', 'a value');
    const { rows } = await database.pool.query<{ wrapped: Buffer }>(
      `select wrapped from sealing_keys where key_id = 'wrapped'`,
    );
    const key = masterKey.unwrap('sealing', 'wrapped', rows[0]!.wrapped);
    expect(key).toHaveLength(32);
    expect(rows[0]!.wrapped.includes(key)).toBe(false);
  });

  test('is asked for again after the database could not be reached', async () => {
    let outages = 1;
    const flaky = poolAnswering((query) => (outages-- > 0 ? Promise.reject(new Error('gone')) : query()));
    const instance = new Sealer(flaky, masterKey);
    await expect(instance.seal('after-outage', 1)).rejects.toThrow('gone');
    const sealed = await instance.seal('after-outage', 1);
    expect(await instance.unseal(sealed)).toBe(1);
  });
});

describe('the name of a key', () => {
  test.each([
    [sealingKeys.day('default', '2026-11-23T23:59:59.999Z'), 'day:default:2026-11-23'],
    [sealingKeys.client('default', 'c_1'), 'client:default:c_1'],
    [sealingKeys.realm('default'), 'realm:default'],
  ])('%s', (name, expected) => {
    expect(name).toBe(expected);
  });
});
