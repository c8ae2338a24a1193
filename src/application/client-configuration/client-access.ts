import { Injectable } from '@nestjs/common';
import type { ClientMetadata } from '../../contract/client-metadata.js';
import { isSealed } from '../../contract/sealed.js';
import { clientStanding, type ClientState } from '../../domain/client/client-state.js';
import type { Rejection } from '../../domain/rejection.js';
import { matchesCredential } from '../../platform/crypto/credentials.js';
import { Sealer } from '../../platform/crypto/sealer.js';
import { SoftwareStatements } from '../software-statements/software-statements.js';
import { ClientDirectory, type DirectoryEntry } from '../directory/client-directory.js';

/** Access of a client to its own registration, by registration access token (RFC 7592 section 2). */
@Injectable()
export class ClientAccess {
  constructor(
    private readonly directory: ClientDirectory,
    private readonly sealer: Sealer,
    private readonly statements: SoftwareStatements,
  ) {}

  /**
   * Finds the client whose token this is. Unknown, deleted, denied and expired clients, wrong tokens and tokens of other
   * clients are one answer (M-01 to M-04).
   *
   * @param bearer the presented registration access token
   * @param now milliseconds since the epoch
   */
  async authenticate(
    realm: string,
    clientId: string,
    bearer: string | null,
    now: number,
  ): Promise<DirectoryEntry | { readonly rejection: Rejection }> {
    const entry = bearer === null ? undefined : await this.directory.find(realm, clientId);
    const genuine = matchesCredential(bearer ?? '', entry?.state.registration_access_token, now);
    if (genuine && entry && clientStanding(entry.state, now) !== 'gone') return entry;
    return { rejection: { kind: 'registration_access_token_refused', presented: bearer !== null } };
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
