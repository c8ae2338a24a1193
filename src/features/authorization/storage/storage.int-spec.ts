import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/postgres.js';
import { MasterKey } from '../../../platform/crypto/master-key.js';
import { migrate } from '../../../platform/database/migrate.js';
import { Authorization1764000000600 } from '../migrations/1764000000600-authorization.js';
import { KeyRotation1764000000700 } from '../migrations/1764000000700-key-rotation.js';
import { ExpiredRows } from './expired-rows.js';
import { ModelAdapter } from './model-adapter.js';
import { RealmKeys } from './realm-keys.js';
import { ReplayAdapter } from './replay-adapter.js';
import { Users } from './users.js';

describe('what the authorization server stores', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase({ migrate: false });
    await migrate(database.url, [Authorization1764000000600, KeyRotation1764000000700]);
  });

  afterAll(async () => {
    await database.drop();
  });

  describe('keys', () => {
    const masterKey = new MasterKey(randomBytes(32));

    it('are made once, however many instances start at the same time', async () => {
      const instances = Array.from({ length: 8 }, () => new RealmKeys(database.pool, masterKey));
      const signing = await Promise.all(instances.map((keys) => keys.signing('default')));
      expect(new Set(signing.map((keys) => keys.private.kid)).size).toBe(1);
      expect(signing[0]!.public).toEqual([expect.not.objectContaining({ d: expect.anything() })]);
      const cookies = await Promise.all(instances.map((keys) => keys.cookies('default')));
      expect(new Set(cookies.map(String)).size).toBe(1);
    });

    it('differ between realms', async () => {
      const keys = new RealmKeys(database.pool, masterKey);
      expect((await keys.signing('one')).private.kid).not.toBe((await keys.signing('two')).private.kid);
      expect(await keys.cookies('one')).not.toEqual(await keys.cookies('two'));
    });

    it('stay when they are retired, after the current one', async () => {
      const keys = new RealmKeys(database.pool, masterKey);
      const before = await keys.signing('rotating');
      await database.pool.query(`update signing_keys set retired_at = now() where realm = 'rotating'`);
      const after = await keys.signing('rotating');
      expect(after.private.kid).not.toBe(before.private.kid);
      expect(after.public.map((key) => key.kid)).toEqual([after.private.kid, before.private.kid]);
    });

    it('cannot be read with another master key, and lie nowhere in clear', async () => {
      const { private: key } = await new RealmKeys(database.pool, masterKey).signing('default');
      await expect(
        new RealmKeys(database.pool, new MasterKey(randomBytes(32))).signing('default'),
      ).rejects.toThrow(/unable to authenticate data/);
      const { rows } = await database.pool.query('select public_jwk, wrapped_private_jwk from signing_keys');
      for (const row of rows) {
        expect(JSON.stringify(row.public_jwk)).not.toContain(key.d);
        expect(row.wrapped_private_jwk.toString('latin1')).not.toContain(key.d);
      }
    });
  });

  describe('models', () => {
    it('are found by an identifier that is not stored', async () => {
      const tokens = new ModelAdapter(database.pool, 'default', 'RefreshToken');
      await tokens.upsert('the-secret-value', { jti: 'the-secret-value', grantId: 'g1' }, 60);
      expect(await tokens.find('the-secret-value')).toMatchObject({ jti: 'the-secret-value', grantId: 'g1' });
      const { rows } = await database.pool.query('select t::text as line from oauth_models t');
      expect(rows.map((row) => row.line).join()).not.toContain('the-secret-value');
    });

    it('belong to their realm and their kind', async () => {
      await new ModelAdapter(database.pool, 'default', 'Session').upsert('s1', { uid: 'u1' }, 60);
      expect(await new ModelAdapter(database.pool, 'other', 'Session').find('s1')).toBeUndefined();
      expect(await new ModelAdapter(database.pool, 'other', 'Session').findByUid('u1')).toBeUndefined();
      expect(await new ModelAdapter(database.pool, 'default', 'Grant').find('s1')).toBeUndefined();
      expect(await new ModelAdapter(database.pool, 'default', 'Session').findByUid('u1')).toMatchObject({
        uid: 'u1',
      });
    });

    it('are consumed once: the second use ends the grant', async () => {
      const codes = new ModelAdapter(database.pool, 'default', 'AuthorizationCode');
      const grants = new ModelAdapter(database.pool, 'default', 'Grant');
      await grants.upsert('g2', {}, 60);
      await codes.upsert('code', { grantId: 'g2' }, 60);
      await codes.consume('code');
      expect(await codes.find('code')).toMatchObject({ consumed: expect.any(Number) });
      await expect(codes.consume('code')).rejects.toMatchObject({ error: 'invalid_grant' });
      expect(await grants.find('g2')).toBeUndefined();
      expect(await codes.find('code')).toBeUndefined();
    });
  });

  it('R-60 remembers an assertion until it expires, and one insert wins', async () => {
    const replays = new ReplayAdapter(database.pool, 'default');
    const tries = await Promise.allSettled(Array.from({ length: 5 }, () => replays.upsert('jti', {}, 60)));
    expect(tries.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    await replays.upsert('short', {}, -1);
    await replays.upsert('short', {}, 60);
    await expect(replays.upsert('short', {}, 60)).rejects.toMatchObject({ error: 'invalid_client' });
  });

  it('gives a user one random subject per realm and source', async () => {
    const users = new Users(database.pool);
    const subjects = await Promise.all(
      Array.from({ length: 4 }, () => users.subject('default', 'development', 'ada')),
    );
    expect(new Set(subjects).size).toBe(1);
    expect(subjects[0]).toMatch(/^u_[\w-]{22}$/);
    expect(await users.subject('other', 'development', 'ada')).not.toBe(subjects[0]);
    expect(await users.subject('default', 'upstream', 'ada')).not.toBe(subjects[0]);
    expect(await users.name('default', subjects[0]!)).toBe('ada');
    expect(await users.name('other', subjects[0]!)).toBeUndefined();
  });

  it('removes what has expired and nothing else', async () => {
    const sessions = new ModelAdapter(database.pool, 'sweep', 'Session');
    await sessions.upsert('old', {}, -1);
    await sessions.upsert('new', {}, 60);
    await sessions.upsert('eternal', {});
    await database.pool.query(
      `insert into revoked_tokens values ('sweep', 'old', now() - interval '1 s'), ('sweep', 'new', now() + interval '1 h')`,
    );
    expect(await new ExpiredRows(database.pool).remove()).toBeGreaterThanOrEqual(2);
    expect(await sessions.find('old')).toBeUndefined();
    expect(await sessions.find('new')).toBeDefined();
    expect(await sessions.find('eternal')).toBeDefined();
    const { rows } = await database.pool.query(`select jti from revoked_tokens where realm = 'sweep'`);
    expect(rows).toEqual([{ jti: 'new' }]);
  });
});
