import type { RegisteredClient } from '../../application/client-configuration/registered-client.js';
import type { ClientState } from '../../domain/client/client-state.js';
import { clientInformationMembers } from '../../domain/metadata/client-information.js';

/**
 * The client information response (RFC 7591 section 3.2.1, RFC 7592 section 3): everything that was registered, whether the
 * client sent it or the server filled it in.
 *
 * @param issuer of the realm; absolute URLs come from configuration only, never from a request's Host (threat C5)
 */
export function clientInformation(
  { state, secret, registrationAccessToken }: RegisteredClient,
  issuer: string,
): object {
  return {
    client_id: state.client_id,
    client_id_issued_at: unixSeconds(state.created_at),
    ...(secret === null ? {} : { client_secret: secret }),
    ...secretExpiry(state),
    ...clientInformationMembers(state.metadata),
    ...softwareStatement(state),
    ...(registrationAccessToken === null
      ? {}
      : {
          registration_client_uri: `${issuer}/register/${encodeURIComponent(state.client_id)}`,
          registration_access_token: registrationAccessToken,
        }),
    client_status: state.status,
    ...pendingChange(state),
  };
}

/** an integer whenever there is a secret, 0 = never; R-56: absent without one. */
function secretExpiry({ secrets }: ClientState): object {
  const newest = secrets.at(-1);
  if (!newest) return {};
  return { client_secret_expires_at: newest.expires_at === null ? 0 : unixSeconds(newest.expires_at) };
}

/** as it was received; left out once it was erased. */
function softwareStatement({ software_statement: held }: ClientState): object {
  return typeof held?.statement === 'string' ? { software_statement: held.statement } : {};
}

/** A replacement under review: what is in force stays in the body, and this says what waits (DESIGN section 12). */
function pendingChange({ pending_change, metadata }: ClientState): object {
  if (!pending_change) return {};
  const asked = clientInformationMembers(pending_change.metadata);
  const current = clientInformationMembers(metadata);
  const names = [...new Set([...Object.keys(asked), ...Object.keys(current)])];
  const fields = names.filter((name) => JSON.stringify(asked[name]) !== JSON.stringify(current[name]));
  return { pending_change: { submitted_at: unixSeconds(pending_change.submitted_at), fields } };
}

function unixSeconds(timestamp: string): number {
  return Math.floor(Date.parse(timestamp) / 1000);
}
