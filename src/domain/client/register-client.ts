import type { Channel, ClientMetadata } from '../../contract/client-metadata.js';
import type { Credential } from '../../contract/credential.js';
import type { NewEvent } from '../../contract/events/index.js';
import type { TokenConstraints } from '../../contract/policy.js';
import type { ClientStatement } from '../../contract/software-statement.js';
import { credentialKind } from '../metadata/effective/authentication-methods.js';
import type { PolicyDecision } from '../policy/policy-decision.js';

/** Everything a registration is decided on; ids, digests and times come in ready. */
export interface RegistrationAsk {
  readonly client_id: string;
  readonly channel: Channel;
  /** Contacts sealed. */
  readonly metadata: ClientMetadata;
  /** The software statement it came with, sealed. */
  readonly statement?: ClientStatement | undefined;
  /** Whether identical registrations share the client. */
  readonly shared?: boolean;
  readonly decision: PolicyDecision;
  readonly secret: Credential | null;
  readonly registration_access_token: Credential | null;
  readonly initial_access_token: { readonly id: string; readonly constraints: TokenConstraints } | null;
  /** RFC 3339; null = does not expire. */
  readonly expires_at: string | null;
}

/** Whether clients with this method get a secret (RFC 7591 section 3.2.1); keys and `none` need no secret. */
export function needsSecret(metadata: ClientMetadata): boolean {
  return credentialKind(metadata.members.token_endpoint_auth_method) === 'secret';
}

/**
 * Registers a client that the policy did not deny: allowed ones are active at once, those for review are pending, and
 * both get their client_id (DESIGN section 5).
 */
export function registerClient(ask: RegistrationAsk): readonly NewEvent[] {
  return [
    {
      type: 'client.registered',
      data: {
        client_id: ask.client_id,
        channel: ask.channel,
        status: ask.decision.outcome === 'allow' ? 'active' : 'pending',
        metadata: ask.metadata,
        ...(ask.statement && { software_statement: ask.statement }),
        ...(ask.shared && { shared: true as const }),
        secrets: ask.secret ? [ask.secret] : [],
        registration_access_token: ask.registration_access_token,
        initial_access_token: ask.initial_access_token?.id ?? null,
        constraints: ask.initial_access_token?.constraints ?? null,
        obligations: ask.decision.obligations,
        reviews: ask.decision.outcome === 'review' ? ask.decision.reviews : [],
        warnings: ask.decision.warnings,
        expires_at: ask.expires_at,
      },
    },
  ];
}
