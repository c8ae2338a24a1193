import { Injectable } from '@nestjs/common';
import type { ClientMetadata } from '../../contract/client-metadata.js';
import type { ClientManagement } from '../../contract/realm.js';
import type { Credential } from '../../contract/credential.js';
import { isSealed } from '../../contract/sealed.js';
import { clientStanding, type ClientState } from '../../domain/client/client-state.js';
import { clientManagement } from '../../domain/realm/client-management.js';
import type { Rejection } from '../../domain/rejection.js';
import { matchesCredential } from '../../platform/crypto/credentials.js';
import { Sealer } from '../../platform/crypto/sealer.js';
import { SoftwareStatements } from '../software-statements/software-statements.js';
import { ClientDirectory, type FoundClient } from '../directory/client-directory.js';
import { RealmRegistry, type RealmEntry } from '../realms/realm-registry.js';

/** A client that proved who it is. */
export interface ManagedClient extends FoundClient {
  /** The token that it presented: the current one or, within its grace, the one before. */
  readonly presented: Credential;
  readonly realm: RealmEntry;
  readonly management: ClientManagement;
}

/** Access of a client to its own registration, by registration access token (RFC 7592 section 2). */
@Injectable()
export class ClientAccess {
  constructor(
    private readonly directory: ClientDirectory,
    private readonly realms: RealmRegistry,
    private readonly sealer: Sealer,
    private readonly statements: SoftwareStatements,
  ) {}

  /**
   * Finds the client whose token this is. Unknown, deleted, denied and expired clients, wrong tokens and tokens of other
   * clients are one answer (M-01 to M-04), after the same work: two comparisons, whatever there is to compare (K1).
   * Whether something has expired is for the database's clock to say.
   *
   * @param bearer the presented registration access token
   */
  async authenticate(
    realm: string,
    clientId: string,
    bearer: string | null,
  ): Promise<ManagedClient | { readonly rejection: Rejection }> {
    const entry = bearer === null ? undefined : await this.directory.find(realm, clientId);
    const presented = presentedToken(entry, bearer ?? '');
    if (!entry || !presented || clientStanding(entry.state, entry.readAt) === 'gone')
      return { rejection: { kind: 'registration_access_token_refused', presented: bearer !== null } };
    const realmEntry = await this.realms.get(realm);
    const management = clientManagement(realmEntry.state);
    if (!management.enabled) return { rejection: { kind: 'client_management_disabled' } };
    return { ...entry, presented, realm: realmEntry, management };
  }

  /** The client's state with contacts and software statement in clear, the contacts of a change that waits as well. */
  async unsealedState(state: ClientState): Promise<ClientState> {
    const { pending_change: change, software_statement: statement } = state;
    return {
      ...state,
      metadata: await this.unsealed(state.metadata),
      ...(statement && { software_statement: await this.statements.unsealed(statement) }),
      pending_change: change && { ...change, metadata: await this.unsealed(change.metadata) },
    };
  }

  /** The client's metadata with its contacts in clear, or without them when they were erased. */
  async unsealed(metadata: ClientMetadata): Promise<ClientMetadata> {
    const { contacts, ...members } = metadata.members;
    if (!isSealed(contacts)) return metadata;
    const clear = await this.sealer.unseal(contacts);
    const opened = Array.isArray(clear) ? { ...members, contacts: clear } : members;
    return { ...metadata, members: opened };
  }
}

/** Which of the client's tokens was presented; both are always compared. */
function presentedToken(entry: FoundClient | undefined, bearer: string): Credential | undefined {
  const current = entry?.state.registration_access_token;
  const now = entry?.readAt ?? 0;
  const matching = [current, current?.replaces].map((token) => matchesCredential(bearer, token, now));
  if (matching[0]) return current ?? undefined;
  return matching[1] ? current?.replaces : undefined;
}
