import { migrateDatabase } from '../startup/database.js';
import type { ClienteleCommand } from './command.js';
import { withDatabaseUrl } from './database-client.js';

/** Brings the schema up to date, without starting the service. */
export const migrateCommand: ClienteleCommand = {
  name: 'migrate',
  summary: 'bring the database schema and its privileges up to date',
  description: `Runs the migrations that the database lacks, then grants the roles of deploy/postgres/roles.sql what they
may do, where these roles exist. Instances and commands that migrate at the same time take turns. It connects as
MIGRATION_DATABASE_URL, else DATABASE_DIRECT_URL, else DATABASE_URL, and needs no other variable.`,
  run: ({ configuration, print, progress }) =>
    withDatabaseUrl(configuration, progress, async (url) => {
      const settings = { ...configuration, migrationDatabaseUrl: url };
      const ran = await migrateDatabase(settings, { info: () => undefined });
      if (ran.length === 0) print('The schema is up to date.');
      for (const name of ran) print(`ran ${name}`);
      return 0;
    }),
};
