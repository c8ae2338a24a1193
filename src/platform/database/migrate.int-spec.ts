import type { MigrationInterface, QueryRunner } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/postgres.js';
import { migrate } from './migrate.js';

class CreateThings1700000000001 implements MigrationInterface {
  name = 'CreateThings1700000000001';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table things (id int primary key)');
  }
  async down(): Promise<void> {}
}

class FillThings1700000000002 implements MigrationInterface {
  name = 'FillThings1700000000002';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('insert into things values (1)');
    await runner.query('select pg_sleep(0.05)');
  }
  async down(): Promise<void> {}
}

class Broken1700000000003 implements MigrationInterface {
  name = 'Broken1700000000003';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('insert into things values (2)');
    await runner.query('insert into nothing values (1)');
  }
  async down(): Promise<void> {}
}

const both = [CreateThings1700000000001, FillThings1700000000002];

describe('migrate', () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createTestDatabase({ migrate: false });
  });

  afterEach(async () => {
    await database.drop();
  });

  it('runs what is pending, in order, once', async () => {
    expect(await migrate(database.url, both.slice(0, 1))).toEqual(['CreateThings1700000000001']);
    expect(await migrate(database.url, both)).toEqual(['FillThings1700000000002']);
    expect(await migrate(database.url, both)).toEqual([]);
  });

  it('lets instances that start together take turns', async () => {
    const ran = await Promise.all(Array.from({ length: 5 }, () => migrate(database.url, both)));
    expect(ran.filter((names) => names.length > 0)).toEqual([both.map((migration) => migration.name)]);
    const { rows } = await database.pool.query('select count(*) as things from things');
    expect(rows).toEqual([{ things: 1 }]);
  });

  it('rolls a failing migration back and keeps the ones before it', async () => {
    await expect(migrate(database.url, [...both, Broken1700000000003])).rejects.toThrow(/nothing/);
    const { rows } = await database.pool.query('select id from things');
    expect(rows).toEqual([{ id: 1 }]);
  });
});
