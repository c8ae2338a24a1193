import type { ClientMetadata } from '../../src/contract/client-metadata.js';
import type { Credential } from '../../src/contract/credential.js';
import type { EventContext } from '../../src/contract/envelope.js';
import { schemaVersions, type AnyEvent, type NewEvent } from '../../src/contract/events/index.js';
import type { Sealed } from '../../src/contract/sealed.js';
import type { ClientState } from '../../src/domain/client/client-state.js';
import { projectClient } from '../../src/domain/client/project-client.js';
import type { PolicyDecision, PolicyFinding } from '../../src/domain/policy/policy-decision.js';
import { aContext, clientRegistered } from './event-builders.js';

/** An event as it lies in the log; override what the test is about. */
export function recorded(
  event: NewEvent,
  overrides: Partial<EventContext> & { readonly version?: number } = {},
): AnyEvent {
  return {
    ...aContext(),
    event_id: '01930f6e-0000-7000-8000-000000000001',
    type: event.type,
    schema_version: schemaVersions[event.type],
    stream: 'client:default:c_1',
    version: 1,
    prev_event_hash: null,
    recorded_by: 'test',
    data: event.data,
    ...overrides,
  } as AnyEvent;
}

/** Something sealed, never opened. */
export const A_SEALED: Sealed = {
  $sealed: { key: 'client:default:c_1', nonce: 'bm9uY2U', ciphertext: 'eA' },
};

/** A credential that lives until `expiresAt`. */
export function aCredential(id: string, expiresAt: string | null = null): Credential {
  return {
    id,
    alg: 'sha256',
    digest: 'ZGlnZXN0',
    created_at: '2026-11-23T10:00:00.000Z',
    expires_at: expiresAt,
  };
}

/** Metadata that authenticates with the given method. */
export function metadataWith(method: string, more: Partial<ClientMetadata['members']> = {}): ClientMetadata {
  return {
    custom: {},
    members: {
      redirect_uris: ['https://app.example/cb'],
      token_endpoint_auth_method: method,
      grant_types: ['authorization_code'],
      response_types: ['code'],
      application_type: 'web',
      scope: 'mcp:tools',
      ...more,
    },
  };
}

/** Where a freshly registered client stands. */
export function aClientState(overrides: Partial<ClientState> = {}): ClientState {
  return { ...projectClient(undefined, recorded(clientRegistered('c_1')))!, ...overrides };
}

export const A_FINDING: PolicyFinding = {
  rule: 'redirect_hosts',
  code: 'redirect_host_unknown',
  field: 'redirect_uris',
  params: { host: 'app.example', registrable_domain: 'app.example' },
};

/** A decision whose findings fit its outcome. */
export function aDecision(outcome: PolicyDecision['outcome']): PolicyDecision {
  return {
    outcome,
    violations: outcome === 'deny' ? [A_FINDING] : [],
    reviews: outcome === 'review' ? [A_FINDING] : [],
    obligations: { token_lifetime: 300 },
    warnings: [],
  };
}
