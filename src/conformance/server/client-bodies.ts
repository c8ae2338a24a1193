import { applicableIf } from '../outcome.js';
import { listOf, type Server } from './discover.js';

/** RFC 8414 section 2: what a server supports that does not say. */
const USUAL_METHODS = ['client_secret_basic'];

/** Whether the server offers clients without authentication, as far as it says. */
export function offersPublicClients(server: Server): boolean {
  return listOf(server, 'token_endpoint_auth_methods_supported')?.includes('none') ?? true;
}

/** The way to authenticate with a secret that the server offers; undefined when it offers none. */
export function secretMethodOf(server: Server): string | undefined {
  const offered = listOf(server, 'token_endpoint_auth_methods_supported') ?? USUAL_METHODS;
  return ['client_secret_basic', 'client_secret_post'].find((method) => offered.includes(method));
}

/** A body that any server for browsers or native applications can register. */
export function aClient(
  server: Server,
  redirectUri: string,
  overrides: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    client_name: 'Conformance test',
    redirect_uris: [redirectUri],
    token_endpoint_auth_method: offersPublicClients(server) ? 'none' : secretMethodOf(server),
    grant_types: ['authorization_code'],
    response_types: ['code'],
    ...overrides,
  };
}

/** @throws NotApplicable where the server offers no public clients */
export function aPublicClient(server: Server, redirectUri: string): Record<string, unknown> {
  applicableIf(
    offersPublicClients(server),
    'token_endpoint_auth_methods_supported offers no public clients ("none")',
  );
  return aClient(server, redirectUri, { token_endpoint_auth_method: 'none' });
}

/** @throws NotApplicable where the server offers no authentication by secret */
export function aConfidentialClient(server: Server, redirectUri: string): Record<string, unknown> {
  const method = secretMethodOf(server);
  applicableIf(
    method !== undefined,
    'token_endpoint_auth_methods_supported offers no authentication with a secret',
  );
  return aClient(server, redirectUri, { token_endpoint_auth_method: method });
}
