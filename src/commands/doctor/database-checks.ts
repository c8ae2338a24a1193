import { migrations } from '../../migrations.js';
import { schemaState } from '../../platform/database/migrate.js';
import { fail, ok, warn, type DatabaseCheck, type Result } from './check.js';

/** The release that the test suite runs on. */
const TESTED_MAJOR = 18;
const OLDEST_MAJOR = 15;
const MOST_SKEW_MS = 2_000;

/** Settings that decide whether what was answered survives a power failure. */
const durabilitySettings: Readonly<Record<string, (value: string) => boolean>> = {
  fsync: (value) => value === 'on',
  full_page_writes: (value) => value === 'on',
  synchronous_commit: (value) => value !== 'off',
};

/** The server, its schema, and who we are there. */
export const databaseChecks: readonly DatabaseCheck[] = [
  {
    name: 'database version',
    async run({ client }) {
      const { rows } = await client.query<{ version: string; number: number }>(
        `select current_setting('server_version') as version, current_setting('server_version_num')::int as number`,
      );
      const { version = '', number = 0 } = rows[0] ?? {};
      const major = Math.floor(number / 10_000);
      const found = `PostgreSQL ${version}`;
      if (major < OLDEST_MAJOR) return fail(found, `Use PostgreSQL ${TESTED_MAJOR}.`);
      return major === TESTED_MAJOR
        ? ok(found)
        : warn(found, `Clientele is tested with PostgreSQL ${TESTED_MAJOR}.`);
    },
  },
  {
    name: 'durability',
    async run({ client }) {
      const { rows } = await client.query<{ name: string; setting: string }>(
        'select name, setting from pg_settings where name = any ($1) order by name',
        [Object.keys(durabilitySettings)],
      );
      const found = rows.map(({ name, setting }) => `${name} ${setting}`).join(', ');
      const lossy = rows.filter(({ name, setting }) => !durabilitySettings[name]!(setting));
      if (lossy.length === 0) return ok(found);
      const names = lossy.map(({ name }) => name).join(', ');
      return fail(found, `Turn on ${names}: after a crash the log may lack what was answered already.`);
    },
  },
  {
    name: 'schema',
    async run({ client }) {
      const { pending, unknown } = await schemaState(client, migrations);
      if (pending.length > 0) return fail(`lacks ${pending.join(', ')}`, 'Run: clientele migrate');
      if (unknown.length > 0) {
        return warn(
          `was migrated by a newer release: ${unknown.join(', ')}`,
          'Fine during an upgrade. Otherwise run the release that did it.',
        );
      }
      return ok(`up to date, ${migrations.length} migrations`);
    },
  },
  {
    name: 'role',
    after: ['schema'],
    async run({ client, reading }) {
      const { rows } = await client.query<RoleRow>(roleQuery);
      const role = rows[0]!;
      const powers = [
        ...(role.superuser ? ['is a superuser'] : []),
        ...(role.owner ? ['owns the events table'] : []),
        ...(!role.owner && !role.superuser && role.privileges.length > 0
          ? [`has ${role.privileges.join(', ')} on the events table`]
          : []),
      ];
      if (powers.length === 0) return ok(`${role.name} serves, ${role.table_owner} owns the tables`);
      const found = `${role.name} ${powers.join(' and ')}`;
      if (reading.mode === 'development') return ok(`${found}, as in development`);
      return warn(
        found,
        'Serve as a role that does not own the tables, with MIGRATION_DATABASE_URL for the owner: who owns them can drop the trigger that keeps events as they are.',
      );
    },
  },
  {
    name: 'clock',
    async run({ client, now }): Promise<Result> {
      const asked = now();
      const { rows } = await client.query<{ now: number }>(
        'select extract(epoch from clock_timestamp())::float8 * 1000 as now',
      );
      const answered = now();
      const skew = Math.round((rows[0]?.now ?? 0) - (asked + answered) / 2);
      // Half the time between question and answer is all that is not known.
      const found = `the database is ${skew} ms from this machine, give or take ${Math.ceil((answered - asked) / 2)} ms`;
      return Math.abs(skew) <= MOST_SKEW_MS
        ? ok(found)
        : warn(found, 'Synchronise the clocks (NTP): tokens and expiry go by both.');
    },
  },
];

interface RoleRow {
  readonly name: string;
  readonly superuser: boolean;
  readonly owner: boolean;
  readonly table_owner: string;
  readonly privileges: readonly string[];
}

const roleQuery = `
  select current_user as name,
         (select rolsuper from pg_roles where rolname = current_user) as superuser,
         pg_has_role(c.relowner, 'usage') as owner,
         pg_get_userbyid(c.relowner) as table_owner,
         array(select p from unnest(array['UPDATE', 'DELETE', 'TRUNCATE']) p
               where has_table_privilege(c.oid, p)) as privileges
  from pg_class c where c.oid = 'events'::regclass`;
