import { DATABASE_VARIABLES, databaseSettings } from './environment.js';
import { defineCommand, type CommandContext } from './framework/command.js';

/** Brings the schema up to date, without starting the service. */
export const migrateCommand = defineCommand({
  name: 'migrate',
  summary: 'bring the database schema up to date',
  description: `Runs the migrations that the database lacks, in order, each in a transaction of its own, and prints their
names. Instances and commands that migrate at the same time take turns. Migrations only expand: instances of the release
before keep working while and after it runs.

It connects as MIGRATION_DATABASE_URL, else DATABASE_DIRECT_URL, else DATABASE_URL, and needs no other variable: no
secret of the service, and no Kafka.`,
  options: {
    'dry-run': { kind: 'flag', help: 'print what would run, and change nothing' },
    json: { kind: 'flag', help: 'print one JSON object' },
  },
  examples: [
    { command: 'clientele migrate --dry-run', purpose: 'see what an upgrade will change' },
    {
      command: 'MIGRATION_DATABASE_URL=postgres://owner:…@db/clientele clientele migrate',
      purpose: 'migrate as the owner of the tables, before the new release starts',
    },
  ],
  environment: DATABASE_VARIABLES,
  exits: {
    0: 'the schema is up to date (with --dry-run: was looked at)',
    1: 'a migration failed and was rolled back',
  },
  run: async (context, options) => run(context, options),
});

async function run(
  { environment, output, signal }: CommandContext,
  options: { readonly 'dry-run': boolean; readonly json: boolean },
): Promise<number> {
  const settings = databaseSettings(environment);
  const [{ withClient, withDatabaseUrl }, { migrateDatabase }, { schemaState }, { migrations }] =
    await Promise.all([
      import('./database-client.js'),
      import('../startup/database.js'),
      import('../platform/database/migrate.js'),
      import('../migrations.js'),
    ]);
  const names = await withDatabaseUrl(settings, { output }, async (url) => {
    if (options['dry-run']) {
      return (await withClient(url, signal, (client) => schemaState(client, migrations))).pending;
    }
    return migrateDatabase({ ...settings, migrationDatabaseUrl: url }, { info: () => undefined });
  });
  const verb = options['dry-run'] ? 'would run' : 'ran';
  if (options.json) output.print(JSON.stringify({ [options['dry-run'] ? 'pending' : 'ran']: names }));
  else if (names.length === 0) output.print('The schema is up to date.');
  else for (const name of names) output.print(`${verb} ${name}`);
  return 0;
}
