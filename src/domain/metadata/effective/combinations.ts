import type { JsonValue } from '../../../contract/json.js';
import type { CombinationFault } from '../rejection/metadata-fault.js';
import type { ServerCapabilities } from '../parse-options.js';
import { credentialKind } from './authentication-methods.js';

/** What the members of a request say together, before the authentication method is settled. */
export interface Combined {
  readonly has: (name: string) => boolean;
  readonly value: (name: string) => JsonValue | undefined;
  readonly server: ServerCapabilities;
}

interface Combination {
  /** The member to name in the refusal. */
  readonly field: string;
  readonly fault: CombinationFault;
  readonly isAtFault: (members: Combined) => boolean;
}

/** Members that do not go together, or not with what the server can do; the first that applies is told. */
const COMBINATIONS: readonly Combination[] = [
  {
    field: 'jwks',
    fault: 'key_source_conflict',
    isAtFault: ({ has }) => has('jwks') && has('jwks_uri'),
  },
  {
    field: 'require_signed_request_object',
    fault: 'key_source_missing',
    isAtFault: ({ has, value }) =>
      value('require_signed_request_object') === true && !has('jwks') && !has('jwks_uri'),
  },
  {
    field: 'request_object_signing_alg',
    fault: 'key_source_missing',
    isAtFault: ({ has }) => has('request_object_signing_alg') && !has('jwks') && !has('jwks_uri'),
  },
  {
    field: 'dpop_bound_access_tokens',
    fault: 'token_binding_conflict',
    isAtFault: ({ value }) =>
      value('dpop_bound_access_tokens') === true &&
      value('tls_client_certificate_bound_access_tokens') === true,
  },
  {
    field: 'tls_client_certificate_bound_access_tokens',
    fault: 'certificate_binding_unsupported',
    isAtFault: ({ value, server }) =>
      value('tls_client_certificate_bound_access_tokens') === true && !takesCertificates(server),
  },
];

/** The first combination at fault; undefined where the members go together. */
export function combinationFault(members: Combined): Pick<Combination, 'field' | 'fault'> | undefined {
  return COMBINATIONS.find(({ isAtFault }) => isAtFault(members));
}

/** Whether clients can show a certificate: then one of the methods of RFC 8705 section 2 is offered. */
function takesCertificates({ token_endpoint_auth_methods }: ServerCapabilities): boolean {
  return token_endpoint_auth_methods.some(
    (method) => method === 'self_signed_tls_client_auth' || credentialKind(method) === 'certificate',
  );
}
