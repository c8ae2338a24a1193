import type { ClientDirectory } from '../../../application/directory/client-directory.js';
import { clientPermissions } from '../client/client-permissions.js';
import { secretMatches } from '../client/client-secret.js';
import { providerMetadata } from '../client/provider-metadata.js';
import { type Adapter, type AdapterPayload, Provider } from '../provider/oidc-provider.js';
import { clientSuspended } from '../provider/standing-errors.js';

/** Anything else is no client_id of ours, and PostgreSQL is not asked about it. */
const CLIENT_ID = /^[\x21-\x7e]{1,2048}$/;

/** Where a suspended client is told apart: there a person looks at the answer. */
const AUTHORIZATION_ROUTES: ReadonlySet<string> = new Set(['authorization', 'resume']);

/** Clients come from the directory, at every look-up, and are written by nobody here. */
export class ClientAdapter implements Adapter {
  constructor(
    private readonly directory: ClientDirectory,
    private readonly realm: string,
  ) {}

  /** @throws OIDCProviderError at the authorization endpoint for a suspended client: a page, never a redirect */
  async find(id: string): Promise<AdapterPayload | undefined> {
    const entry = CLIENT_ID.test(id) ? await this.directory.find(this.realm, id) : undefined;
    const permissions = entry && clientPermissions(entry.state, entry.readAt);
    if (!permissions) {
      secretMatches(id, []);
      return undefined;
    }
    if (permissions.standing === 'suspended' && AUTHORIZATION_ROUTES.has(Provider.ctx?.oidc.route ?? '')) {
      throw clientSuspended();
    }
    return providerMetadata(entry.state, permissions, entry.readAt);
  }

  async findByUid(): Promise<undefined> {
    return undefined;
  }

  async findByUserCode(): Promise<undefined> {
    return undefined;
  }

  async upsert(): Promise<void> {
    throw new TypeError('clients are written by registration');
  }

  async consume(): Promise<void> {
    throw new TypeError('clients are written by registration');
  }

  async destroy(): Promise<void> {
    throw new TypeError('clients are written by registration');
  }

  async revokeByGrantId(): Promise<void> {
    throw new TypeError('clients are written by registration');
  }
}
