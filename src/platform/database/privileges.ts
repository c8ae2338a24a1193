import type pg from 'pg';

/** The group roles that work with the database without owning anything in it. `deploy/postgres/roles.sql` makes them. */
export const groupRoles = { appender: 'clientele_appender', reader: 'clientele_reader' } as const;

export type GroupRole = keyof typeof groupRoles;
export type TablePrivilege = 'select' | 'insert' | 'update' | 'delete';

/** What each group role may do. What is not named here it may not. */
export interface Privileges {
  readonly tables: Readonly<Record<string, Readonly<Record<GroupRole, readonly TablePrivilege[]>>>>;
  /** Who may call a function. The name stands for its one signature. */
  readonly functions: Readonly<Record<string, readonly GroupRole[]>>;
}

/**
 * Makes the database agree with the privileges, in one transaction: what was granted beyond them is revoked, from PUBLIC as
 * well. Does nothing where neither role exists, as in development.
 *
 * @param client as the owner of the tables
 */
export async function applyPrivileges(client: pg.ClientBase, privileges: Privileges): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    'select rolname as name from pg_roles where rolname = any ($1)',
    [Object.values(groupRoles)],
  );
  const present = (Object.keys(groupRoles) as GroupRole[]).filter((role) =>
    rows.some(({ name }) => name === groupRoles[role]),
  );
  if (present.length > 0) await client.query(statements(privileges, present).join(';\n'));
}

/** Without parameters, so that one message carries them all and PostgreSQL makes them one transaction. */
function statements({ tables, functions }: Privileges, roles: readonly GroupRole[]): string[] {
  const everybody = ['public', ...roles.map((role) => groupRoles[role])].join(', ');
  return [
    ...Object.entries(tables).flatMap(([table, granted]) => [
      `revoke all on table ${table} from ${everybody}`,
      ...roles
        .filter((role) => granted[role].length > 0)
        .map((role) => `grant ${granted[role].join(', ')} on table ${table} to ${groupRoles[role]}`),
    ]),
    ...Object.entries(functions).flatMap(([name, granted]) => [
      `revoke all on function ${name} from ${everybody}`,
      ...roles
        .filter((role) => granted.includes(role))
        .map((role) => `grant execute on function ${name} to ${groupRoles[role]}`),
    ]),
  ];
}

/**
 * Gives a table that will take another's place the same privileges, whoever holds them: making a table `like` another does
 * not copy them.
 */
export async function copyPrivileges(client: pg.ClientBase, from: string, to: string): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(
    `select format('grant %s on table %I to %s%s', a.privilege_type, $2::text,
                   case a.grantee when 0 then 'public' else a.grantee::regrole::text end,
                   case when a.is_grantable then ' with grant option' else '' end) as statement
     from pg_class c cross join lateral aclexplode(c.relacl) a
     where c.oid = $1::regclass and a.grantee <> c.relowner`,
    [from, to],
  );
  for (const { statement } of rows) await client.query(statement);
}
