import type { JsonObject, JsonValue } from '../../contract/json.js';
import type { MetadataRejection } from '../metadata/rejection/metadata-rejection.js';

/** Members that only the server issues and that an update may not contain (RFC 7592 section 2.2, M-22). */
const forbiddenMembers = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
] as const;

/**
 * Checks what RFC 7592 section 2.2 asks of an update's body beyond the metadata itself.
 *
 * @param isCurrentSecret whether a text is a live secret of the client (M-23: a client never chooses its secret)
 * @returns the first fault, or undefined
 */
export function replacementBodyFault(
  body: JsonObject,
  clientId: string,
  isCurrentSecret: (text: string) => boolean,
): MetadataRejection | undefined {
  const forbidden = forbiddenMembers.find((member) => isGiven(body[member]));
  if (forbidden) return refused(forbidden, `${forbidden} must not be part of an update`);
  if (body['client_id'] !== clientId) {
    return refused('client_id', 'client_id must be present and be the one that is being updated');
  }
  const secret = body['client_secret'];
  if (isGiven(secret) && !(typeof secret === 'string' && isCurrentSecret(secret))) {
    return refused('client_secret', 'client_secret, where present, must be the current one');
  }
  return undefined;
}

/** null and the empty text are as good as left out. */
function isGiven(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null && value !== '';
}

function refused(field: string, description: string): MetadataRejection {
  return { error: 'invalid_client_metadata', reason: 'member_refused', field, description };
}
