import { createHash } from 'node:crypto';
import { decodeJwt } from 'jose';
import type pg from 'pg';
import { type AdapterPayload, errors, Provider } from '../provider/oidc-provider.js';
import { ModelAdapter, digest } from './model-adapter.js';

/**
 * A proof is good for five minutes before and after the time it names, and oidc-provider remembers it for five minutes from
 * now: one that is dated ahead would outlive that.
 */
const PROOF_SECONDS = 600;

/**
 * Identifiers of client assertions and DPoP proofs that were used. oidc-provider looks first and stores then; what decides
 * here is the insert, so that of two that arrive together exactly one passes (R-60, RFC 9449 section 11.1).
 */
export class ReplayAdapter extends ModelAdapter {
  constructor(
    private readonly database: pg.Pool,
    private readonly realmName: string,
  ) {
    super(database, realmName, 'ReplayDetection');
  }

  /** @throws InvalidDpopProof for a proof, where oidc-provider would say that the grant is invalid */
  override async find(id: string): Promise<AdapterPayload | undefined> {
    const used = await super.find(id);
    if (used && isProof(id)) throw proofUsed();
    return used;
  }

  override async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    const { jti: _identifier, ...rest } = payload;
    const ofProof = isProof(id);
    const { rowCount } = await this.database.query({
      name: 'oauth-replay-insert',
      text: `insert into oauth_models (realm, model, id, payload, expires_at)
        values ($1, 'ReplayDetection', $2, $3, now() + make_interval(secs => $4))
        on conflict (realm, model, id) do update set expires_at = excluded.expires_at
          where oauth_models.expires_at <= now()`,
      values: [
        this.realmName,
        digest(id),
        rest,
        ofProof ? Math.max(PROOF_SECONDS, expiresIn ?? 0) : (expiresIn ?? null),
      ],
    });
    if (rowCount === 1) return;
    throw ofProof ? proofUsed() : new errors.InvalidClientAuth('client assertion was already used');
  }
}

function proofUsed(): Error {
  return new errors.InvalidDpopProof('the DPoP proof was already used');
}

/** Whether an identifier is that of the proof in the current request, as oidc-provider makes it. */
function isProof(id: string): boolean {
  const context = Provider.ctx;
  const proof = context?.get('DPoP');
  const client = context?.oidc.client?.clientId;
  if (!proof || client === undefined) return false;
  return (
    id ===
    createHash('sha256')
      .update(`${client}${identifierOf(proof)}`)
      .digest('base64url')
  );
}

/** Undefined for a header that is no JWT: client assertions are looked up before the proof is verified. */
function identifierOf(proof: string): string | undefined {
  try {
    return decodeJwt(proof).jti;
  } catch {
    return undefined;
  }
}
