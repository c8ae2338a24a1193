import { randomBytes } from 'node:crypto';
import { groupRoles } from '../../src/platform/database/privileges.js';
import { onServer } from './postgres-template.js';

/** A login that may do what the serving role of a production database may, and nothing else. */
export interface TestLogin {
  readonly name: string;
  readonly password: string;
}

const groups = Object.values(groupRoles);

/**
 * Makes the group roles where they are missing, and one login in each for this run. Roles belong to the whole server, so
 * they exist before any database that grants them something.
 *
 * @returns the logins, and what removes them again, with the group roles if they were made here
 */
export async function createTestLogins(
  url: string,
  run: string,
): Promise<{ appender: TestLogin; reader: TestLogin; drop: () => Promise<void> }> {
  const password = randomBytes(16).toString('hex');
  const made: string[] = [];
  const [appender, reader] = await onServer(url, async (client) => {
    const { rows } = await client.query<{ rolname: string }>(
      'select rolname from pg_roles where rolname = any ($1)',
      [groups],
    );
    for (const group of groups.filter((name) => !rows.some(({ rolname }) => rolname === name))) {
      await client.query(`create role ${group}`);
      made.unshift(group);
    }
    const logins = groups.map((group) => ({ name: `test_${group}_${run}`, password }));
    for (const [index, login] of logins.entries()) {
      await client.query(`create role ${login.name} login password '${password}' in role ${groups[index]}`);
      made.unshift(login.name);
    }
    return logins as [TestLogin, TestLogin];
  });
  return {
    appender,
    reader,
    drop: () =>
      onServer(url, async (client) => {
        // Another run on the same server may use the group roles by now.
        for (const role of made) await client.query(`drop role if exists ${role}`).catch(() => undefined);
      }),
  };
}

/** The same database as somebody else. */
export function urlAs(url: string, { name, password }: TestLogin): string {
  const changed = new URL(url);
  changed.username = name;
  changed.password = password;
  return changed.href;
}
