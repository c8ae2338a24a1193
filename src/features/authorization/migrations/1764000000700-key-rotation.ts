import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Keys are published before they are used: a key signs from `activates_at` on, and `retired_at` is when the next one does,
 * which may lie ahead. The one key without `retired_at` is the newest.
 */
export class KeyRotation1764000000700 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['signing_keys', 'cookie_keys']) {
      await runner.query(`alter table ${table} add column activates_at timestamptz not null default now()`);
      await runner.query(`update ${table} set activates_at = created_at`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['signing_keys', 'cookie_keys']) {
      await runner.query(`alter table ${table} drop column activates_at`);
    }
  }
}
