import { randomBytes } from 'node:crypto';
import type pg from 'pg';

/** Links between who somebody is elsewhere and who they are here. Clientele owns no users. */
export class Users {
  constructor(private readonly pool: pg.Pool) {}

  /**
   * The subject of a user: random, stable, and telling nothing about the name.
   *
   * @param source who vouches for the name, e.g. `development`
   * @param name unique at the source
   * @returns `u_` and 128 random bits
   */
  async subject(realm: string, source: string, name: string): Promise<string> {
    const { rows } = await this.pool.query<{ sub: string }>(
      `insert into users (realm, source, name, sub) values ($1, $2, $3, $4)
       on conflict (realm, source, name) do update set name = excluded.name returning sub`,
      [realm, source, name, `u_${randomBytes(16).toString('base64url')}`],
    );
    return rows[0]!.sub;
  }

  /** The name behind a subject, to show a person who is signed in; undefined for an unknown subject. */
  async name(realm: string, sub: string): Promise<string | undefined> {
    const { rows } = await this.pool.query<{ name: string }>(
      'select name from users where realm = $1 and sub = $2',
      [realm, sub],
    );
    return rows[0]?.name;
  }
}
