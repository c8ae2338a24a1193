import type { LooseJson } from './loose-json.js';
import { aLoopbackClient, aNameOfItsOwn } from './registrations.js';
import type { TestService } from './service.js';

/** A client that manages its own registration (RFC 7592), as it was answered at first. */
export interface SelfManagedClient extends Record<string, LooseJson> {
  readonly client_id: string;
  readonly registration_access_token: string;
}

/** What an answer of the configuration endpoint comes down to. */
export interface ManagementAnswer {
  readonly status: number;
  readonly etag: string | null;
  readonly body: LooseJson;
  readonly headers: Headers;
}

/** Registers; the answer must be 201. */
export async function registerClient(
  service: TestService,
  body: Record<string, unknown> = aLoopbackClient(aNameOfItsOwn()),
): Promise<SelfManagedClient> {
  const response = await service.register(body);
  if (response.status !== 201) throw new Error(`not registered: ${await response.text()}`);
  return (await response.json()) as SelfManagedClient;
}

/**
 * Asks the configuration endpoint as the client.
 *
 * @param token the registration access token; null for none
 */
export async function manage(
  service: TestService,
  method: string,
  clientId: string,
  token: string | null,
  { body, ifMatch }: { readonly body?: object | undefined; readonly ifMatch?: string } = {},
): Promise<ManagementAnswer> {
  const response = await service.request(`/register/${encodeURIComponent(clientId)}`, {
    method,
    headers: {
      ...(token !== null && { Authorization: `Bearer ${token}` }),
      ...(body && { 'Content-Type': 'application/json' }),
      ...(ifMatch !== undefined && { 'If-Match': ifMatch }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    etag: response.headers.get('etag'),
    body: text === '' ? undefined : JSON.parse(text),
    headers: response.headers,
  };
}

/** The body of a PUT that replaces everything. */
export function aReplacement(client: SelfManagedClient, overrides: Record<string, unknown> = {}): object {
  return { client_id: client.client_id, ...aLoopbackClient({ client_name: 'Renamed', ...overrides }) };
}

/** Changes how clients manage themselves in the default realm, and leaves the rest of it as it is. */
export async function configureClientManagement(
  service: TestService,
  client_management: Record<string, unknown>,
): Promise<void> {
  const realm = (await (await service.admin('GET', '/realms/default')).json()) as LooseJson;
  const { issuer: _, name: _n, configured_at: _c, version: _v, ...configuration } = realm;
  const response = await service.admin('PUT', '/realms/default', {
    ...configuration,
    client_management,
    reason: 'a test',
  });
  if (response.status !== 200) throw new Error(await response.text());
}
