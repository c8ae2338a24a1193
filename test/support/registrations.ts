/** A public client on loopback: allowed by the default profile. */
export function aLoopbackClient(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    client_name: 'Example client',
    redirect_uris: ['http://127.0.0.1:8765/callback'],
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    ...overrides,
  };
}

let names = 0;

/**
 * A name like no other, so that whatever an operator does to the client stands in nobody's way: the default policy turns
 * away clients that are identical to one that was suspended or denied.
 */
export function aNameOfItsOwn(): { readonly client_name: string } {
  names += 1;
  return { client_name: `Example client ${names}` };
}

/** A client on a host that the default profile does not know: reviewed. */
export function anUnknownHostClient(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return aLoopbackClient({ redirect_uris: ['https://reports.acme.example/oauth/callback'], ...overrides });
}

/** A client on a host that the default profile denies. */
export function aDeniedClient(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return aLoopbackClient({ redirect_uris: ['https://app.evil.example/callback'], ...overrides });
}

/** A client without users. */
export function aMachineClient(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    client_name: 'Nightly batch',
    grant_types: ['client_credentials'],
    redirect_uris: [],
    token_endpoint_auth_method: 'client_secret_basic',
    ...overrides,
  };
}
