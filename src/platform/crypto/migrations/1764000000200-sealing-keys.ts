import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys of sealed fields, wrapped by the master key. Deleting a row erases everything that was sealed with it. */
export class SealingKeys1764000000200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table sealing_keys (
        key_id text primary key collate "C",
        wrapped bytea not null,
        created_at timestamptz not null default now()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table sealing_keys');
  }
}
