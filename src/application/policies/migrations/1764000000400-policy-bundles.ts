import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every bundle that was ever uploaded or active, by digest: decisions replay as long as their inputs are kept. */
export class PolicyBundles1764000000400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table policy_bundles (
        digest text primary key collate "C",
        revision text not null,
        bytes bytea not null,
        stored_at timestamptz not null default now()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table policy_bundles');
  }
}
