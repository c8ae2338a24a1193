import { credentialKind } from './authentication-methods.js';
import type { Channel } from '../client-metadata.js';
import type { ServerCapabilities } from '../parse-options.js';
import type { Effective } from './grants.js';

/** What decides about the authentication method beside the method itself. */
export interface AuthenticationRequest {
  /** `token_endpoint_auth_method`; undefined if omitted. */
  readonly method: string | undefined;
  /** `token_endpoint_auth_methods_supported`; undefined if omitted. */
  readonly choices: readonly string[] | undefined;
  readonly hasKeySource: boolean;
  /** How many members say whose certificate it must be (RFC 8705 section 2.1.2). */
  readonly certificateSubjects: number;
  /** The effective grant types. */
  readonly grantTypes: readonly string[];
}

/**
 * What an omitted method becomes: the first that the server supports. RFC 7591 section 2 says `client_secret_basic`;
 * the others stand ready for servers without it (T-01). A metadata document is public and can hold no secret (C-22).
 */
const DEFAULT_METHODS: Readonly<Record<Channel, readonly string[]>> = {
  dynamic: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
  managed: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
  document: ['none', 'private_key_jwt'],
};

/**
 * The authentication method to register. The single value wins if it is usable; otherwise the first of the client's
 * choices that is. Nothing else is ever put in the place of a method that was asked for.
 *
 * @param request what the client sent
 * @param channel how it came; documents never get a shared secret (C-21)
 * @param server what the realm supports
 */
export function effectiveAuthenticationMethod(
  request: AuthenticationRequest,
  channel: Channel,
  server: ServerCapabilities,
): Effective<string> {
  const isSupported = (method: string): boolean =>
    server.token_endpoint_auth_methods.includes(method) &&
    (channel !== 'document' || credentialKind(method) !== 'secret');
  const asked = [...(request.method === undefined ? [] : [request.method]), ...(request.choices ?? [])];
  const candidates = (asked.length > 0 ? asked : DEFAULT_METHODS[channel]).filter(isSupported);
  const [first] = candidates;
  if (first === undefined) return { ok: false, fault: 'authentication_method_unsupported' };
  return judged(candidates.find((method) => judged(method, request).ok) ?? first, request);
}

/** Whether the method goes with the rest of the request. */
function judged(method: string, request: AuthenticationRequest): Effective<string> {
  if (method === 'none' && request.grantTypes.includes('client_credentials')) {
    return { ok: false, fault: 'authentication_method_conflict' };
  }
  if (credentialKind(method) === 'key' && !request.hasKeySource)
    return { ok: false, fault: 'key_source_missing' };
  if (credentialKind(method) === 'certificate' && request.certificateSubjects !== 1)
    return { ok: false, fault: 'certificate_subject_ambiguous' };
  return { ok: true, value: method };
}
