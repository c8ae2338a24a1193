import type pg from 'pg';
import type { ClientDirectory } from '../../application/directory/client-directory.js';
import type { RealmEntry, RealmRegistry } from '../../application/realms/realm-registry.js';
import type { ClientUsage } from '../../application/usage/client-usage.js';
import type { AuthorizationMetrics } from './authorization-metrics.js';
import { logFailure } from './http/request-logs.js';
import { serverMetadata } from './http/server-metadata.js';
import { WaitingRoom } from './interactions/waiting-room.js';
import { errorRenderer } from './pages/render-error.js';
import { createProvider } from './provider/create-provider.js';
import type { ProviderParts } from './provider/provider-configuration.js';
import type { RealmServer } from './realm-server.js';
import { adapters } from './storage/adapters.js';
import type { KeyRing, KeyRings } from './storage/key-rings.js';
import { accessTokenVerifier } from './tokens/access-token.js';

export interface RealmServersOptions {
  readonly pool: pg.Pool;
  readonly directory: ClientDirectory;
  readonly realms: RealmRegistry;
  readonly keys: KeyRings;
  readonly fetch: ProviderParts['fetch'];
  readonly metrics: AuthorizationMetrics;
  readonly usage: Pick<ClientUsage, 'used'>;
}

/** The authorization servers of this instance: one per realm, version and set of keys, built when it is first asked for. */
export class RealmServers {
  private readonly built = new Map<
    string,
    { readonly version: number; readonly ring: KeyRing; readonly server: Promise<RealmServer> }
  >();

  constructor(private readonly options: RealmServersOptions) {}

  /**
   * The server of a realm as it is configured now.
   *
   * @throws UnknownRealm for a name nobody configured, and what the database throws
   */
  async of(name: string): Promise<RealmServer> {
    const entry = await this.options.realms.get(name);
    const ring = await this.options.keys.of(name);
    const known = this.built.get(name);
    if (known?.version === entry.version && known.ring === ring) return known.server;
    const server = this.build(entry, ring);
    this.built.set(name, { version: entry.version, ring, server });
    server.catch(() => this.built.delete(name));
    return server;
  }

  private async build({ state: realm }: RealmEntry, { signing, cookies }: KeyRing): Promise<RealmServer> {
    const { pool, directory, fetch, metrics, usage } = this.options;
    const issuer = new URL(realm.issuer);
    const waitingRoom = new WaitingRoom(directory, realm.name, issuer.host);
    const provider = createProvider(
      realm,
      {
        adapter: adapters(pool, directory, realm.name),
        signingKeys: [signing.private],
        cookieKeys: cookies,
        renderError: errorRenderer(issuer.host),
        fetch,
      },
      {
        onServerError: logFailure,
        onInteraction: (context) => waitingRoom.receive(context),
        onTokenAnswer: (grant, error) => metrics.tokenAnswered(grant, error),
        onIssued: (clientId) => usage.used(realm.name, clientId),
      },
    );
    const publicKeys = { keys: [...signing.public] };
    return {
      realm,
      issuer,
      provider,
      answer: provider.callback(),
      metadata: serverMetadata(realm),
      keys: publicKeys,
      verifyAccessToken: accessTokenVerifier(realm.issuer, publicKeys),
    };
  }
}
