import { type AdapterPayload, errors } from '../provider/oidc-provider.js';
import { ModelAdapter, digest } from './model-adapter.js';
import type pg from 'pg';

/**
 * Identifiers of client assertions that were used. oidc-provider looks first and stores then; what decides here is the
 * insert, so that of two that arrive together exactly one passes.
 */
export class ReplayAdapter extends ModelAdapter {
  constructor(
    private readonly database: pg.Pool,
    private readonly realmName: string,
  ) {
    super(database, realmName, 'ReplayDetection');
  }

  override async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    const { jti: _identifier, ...rest } = payload;
    const { rowCount } = await this.database.query({
      name: 'oauth-replay-insert',
      text: `insert into oauth_models (realm, model, id, payload, expires_at)
        values ($1, 'ReplayDetection', $2, $3, now() + make_interval(secs => $4))
        on conflict (realm, model, id) do update set expires_at = excluded.expires_at
          where oauth_models.expires_at <= now()`,
      values: [this.realmName, digest(id), rest, expiresIn ?? null],
    });
    if (rowCount !== 1) throw new errors.InvalidClientAuth('client assertion was already used');
  }
}
