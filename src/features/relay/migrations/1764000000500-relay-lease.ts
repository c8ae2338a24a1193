import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who relays, and how far the log has been relayed. One row per relay, and nothing but short updates of it: `epoch` is
 * the fence that keeps a relay which lost the lease from moving the cursor.
 */
export class RelayLease1764000000500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table relay_lease (
        name text primary key,
        holder text,
        epoch bigint not null,
        expires_at timestamptz not null,
        cursor bigint not null check (cursor >= 0)
      ) with (fillfactor = 50);
      insert into relay_lease values ('events', null, 0, '-infinity', 0);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table relay_lease');
  }
}
