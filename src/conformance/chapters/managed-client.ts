import type { JsonObject } from '../http/exchange.js';
import { applicableIf } from '../outcome.js';
import type { RegisteredClient } from '../server/registered-client.js';
import type { TestContext } from '../test-context.js';

/** Members that an update request must not have, RFC 7592 section 2.2. */
export const forbiddenInUpdates = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
] as const;

/**
 * A client of the test's own that it may change and delete.
 *
 * @throws NotApplicable where the server offers no management
 */
export async function managedClient(
  context: TestContext,
  body: Record<string, unknown> = context.body(),
): Promise<RegisteredClient & { readonly configurationUri: string }> {
  const client = await context.registered(body);
  applicableIf(
    hasManagement(client),
    'the server offers no management (RFC 7592): no registration_client_uri came back',
  );
  return client;
}

function hasManagement(
  client: RegisteredClient,
): client is RegisteredClient & { readonly configurationUri: string } {
  return client.configurationUri !== undefined && client.accessToken !== undefined;
}

/** The members of an answer that are metadata or the identifier: neither credentials nor dates. */
export function metadataOf(answer: JsonObject): JsonObject {
  const left = new Set<string>([...forbiddenInUpdates, 'client_secret']);
  return Object.fromEntries(Object.entries(answer).filter(([name]) => !left.has(name)));
}
