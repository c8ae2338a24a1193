import type { Credential } from '../../contract/credential.js';
import {
  existingClient,
  type IntentOutcome,
  type OperatorAsk,
  type ReviewedClient,
} from './client-intents.js';
import { endingBy, liveCredentials } from './client-secrets.js';
import { needsSecret } from './register-client.js';

/** Every one is compared at every authentication, and lies in the client's row. */
export const MOST_LIVE_SECRETS = 10;

export interface SecretRotation extends OperatorAsk {
  readonly secret: Credential;
  /** RFC 3339: until when the secrets of before stay good, none longer than it had; null = not at all. */
  readonly overlap_ends_at: string | null;
}

/** Gives a client a new secret (RFC 7592 section 5 leaves it to the server when). */
export function rotateSecret(client: ReviewedClient | undefined, ask: SecretRotation): IntentOutcome {
  const existing = existingClient(client, ask);
  if ('refusal' in existing) return existing;
  const { client_id, metadata, secrets } = existing.state;
  if (!needsSecret(metadata)) {
    const method = metadata.members.token_endpoint_auth_method;
    return { refusal: { reason: 'no_client_secret', method } };
  }
  const { overlap_ends_at: end } = ask;
  const staying =
    end === null ? [] : liveCredentials(secrets, ask.now).map((secret) => endingBy(secret, end));
  if (staying.length >= MOST_LIVE_SECRETS)
    return { refusal: { reason: 'too_many_secrets', live: staying.length } };
  const data = { client_id, secrets: [...staying, ask.secret], reason: ask.reason };
  return { events: [{ type: 'client.secret_rotated', data }] };
}

export interface RegistrationTokenRotation extends OperatorAsk {
  readonly registration_access_token: Credential;
  /** Whether clients of the realm manage themselves at all. */
  readonly client_management: boolean;
}

/** Gives a client a new registration access token, because it lost the one it had, or somebody else has it. */
export function rotateRegistrationAccessToken(
  client: ReviewedClient | undefined,
  ask: RegistrationTokenRotation,
): IntentOutcome {
  const existing = existingClient(client, ask);
  if ('refusal' in existing) return existing;
  const { client_id, channel, shared } = existing.state;
  // Whoever serves a metadata document manages that client, and nobody owns one that many share.
  if (!ask.client_management || channel === 'document' || shared)
    return { refusal: { reason: 'not_managed_by_itself' } };
  const { registration_access_token, reason } = ask;
  const data = { client_id, by: 'operator', registration_access_token, reason } as const;
  return { events: [{ type: 'client.registration_token_rotated', data }] };
}
