import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the authorization server remembers between two requests: its models, its keys, its users. */
export class Authorization1764000000600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(models);
    await runner.query(keys);
    await runner.query(`
      create table revoked_tokens (
        realm text not null collate "C",
        jti text not null collate "C",
        expires_at timestamptz not null,
        primary key (realm, jti)
      );
      create index revoked_tokens_by_expiry on revoked_tokens (expires_at);

      create table users (
        realm text not null collate "C",
        source text not null collate "C",
        name text not null,
        sub text not null collate "C",
        created_at timestamptz not null default now(),
        primary key (realm, source, name),
        unique (realm, sub)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table oauth_models, signing_keys, cookie_keys, revoked_tokens, users');
  }
}

/** Sessions, interactions, grants, codes and refresh tokens. `id` is a SHA-256: most identifiers are bearer secrets. */
const models = `
  create table oauth_models (
    realm text not null collate "C",
    model text not null collate "C",
    id bytea not null,
    payload jsonb not null,
    grant_id text collate "C",
    uid text collate "C",
    consumed_at timestamptz,
    expires_at timestamptz,
    primary key (realm, model, id)
  );
  create index oauth_models_by_grant on oauth_models (realm, grant_id) where grant_id is not null;
  create index oauth_models_by_uid on oauth_models (realm, model, uid) where uid is not null;
  create index oauth_models_by_expiry on oauth_models (expires_at) where expires_at is not null`;

/** Key material is wrapped by MASTER_KEY. At most one key of a realm is the current one; retired ones still verify. */
const keys = `
  create table signing_keys (
    realm text not null collate "C",
    kid text not null collate "C",
    public_jwk jsonb not null,
    wrapped_private_jwk bytea not null,
    created_at timestamptz not null default now(),
    retired_at timestamptz,
    primary key (realm, kid)
  );
  create unique index signing_keys_current on signing_keys (realm) where retired_at is null;

  create table cookie_keys (
    realm text not null collate "C",
    id text not null collate "C",
    wrapped_key bytea not null,
    created_at timestamptz not null default now(),
    retired_at timestamptz,
    primary key (realm, id)
  );
  create unique index cookie_keys_current on cookie_keys (realm) where retired_at is null`;
