import { randomUUID } from 'node:crypto';
import type { EventContext } from '../../src/contract/envelope.js';
import type { NewEvent } from '../../src/contract/events/index.js';
import { streams } from '../../src/contract/streams.js';
import type { AppendCall } from '../../src/platform/event-log/append-call.js';

/** What a request's events share; override what the test is about. */
export function aContext(overrides: Partial<EventContext> = {}): EventContext {
  return {
    realm: 'default',
    occurred_at: '2026-11-23T10:00:00.000Z',
    actor: { kind: 'anonymous', id: null, method: null },
    source: null,
    request: null,
    correlation_id: randomUUID(),
    causation_id: null,
    traceparent: null,
    policy: null,
    ...overrides,
  };
}

/** A valid registration event of a public loopback client. */
export function clientRegistered(clientId: string, name = 'Example client'): NewEvent<'client.registered'> {
  return {
    type: 'client.registered',
    data: {
      client_id: clientId,
      channel: 'dynamic',
      status: 'active',
      metadata: {
        members: {
          redirect_uris: ['http://127.0.0.1:7777/callback'],
          token_endpoint_auth_method: 'none',
          grant_types: ['authorization_code'],
          response_types: ['code'],
          application_type: 'native',
          scope: 'mcp:tools',
          client_name: name,
        },
        custom: {},
      },
      secrets: [],
      registration_access_token: null,
      initial_access_token: null,
      constraints: null,
      obligations: {},
      reviews: [],
      warnings: [],
      expires_at: null,
    },
  };
}

/** A call that registers a client on a stream of its own. */
export function aRegistration(clientId: string, overrides: Partial<AppendCall> = {}): AppendCall {
  return {
    context: aContext(),
    writes: [
      { stream: streams.client('default', clientId), head: undefined, events: [clientRegistered(clientId)] },
    ],
    ...overrides,
  };
}

/** A later event of a client's stream. */
export function clientDeleted(clientId: string): NewEvent<'client.deleted'> {
  return { type: 'client.deleted', data: { client_id: clientId, by: 'client', reason: null } };
}
