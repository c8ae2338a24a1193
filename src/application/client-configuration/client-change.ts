import { Injectable } from '@nestjs/common';
import { clientStanding } from '../../domain/client/client-state.js';
import type { Rejection } from '../../domain/rejection.js';
import { ifMatchHolds, type IfMatch } from '../../platform/http/if-match.js';
import { ClientDirectory } from '../directory/client-directory.js';
import { ClientAccess, type ManagedClient } from './client-access.js';

/** A client's wish to change its own registration. */
export interface ChangeRequest {
  readonly realm: string;
  readonly clientId: string;
  /** The presented registration access token. */
  readonly bearer: string | null;
  readonly ifMatch: IfMatch | null;
}

/**
 * One request of a client to change its registration, over every attempt to record it. Somebody else's change may come in
 * between, and rotate the token that this request came with. A request that said which version it means then learns that
 * the version is another one (412); any other finds its token dead (401), as it would have a moment later.
 */
export class ClientChange {
  private wasAdmitted = false;

  constructor(
    private readonly access: ClientAccess,
    private readonly directory: ClientDirectory,
    private readonly request: ChangeRequest,
  ) {}

  /** Decides whether the client may change its registration as it is now; asked anew in every attempt. */
  async admit(): Promise<ManagedClient | { readonly rejection: Rejection }> {
    const { realm, clientId, bearer, ifMatch } = this.request;
    const client = await this.access.authenticate(realm, clientId, bearer);
    if ('rejection' in client) return (await this.overtaken()) ?? client;
    if (clientStanding(client.state, client.readAt) === 'suspended')
      return { rejection: { kind: 'client_suspended' } };
    this.wasAdmitted = true;
    // RFC 9110 section 13.2.1: after every other check, before the content is looked at.
    if (ifMatch?.kind === 'malformed') return { rejection: { kind: 'if_match_malformed' } };
    if (!ifMatchHolds(ifMatch, client.version)) return { rejection: { kind: 'registration_changed' } };
    return client;
  }

  private async overtaken(): Promise<{ readonly rejection: Rejection } | undefined> {
    const { realm, clientId, ifMatch } = this.request;
    if (!this.wasAdmitted || ifMatch === null) return undefined;
    const entry = await this.directory.find(realm, clientId);
    if (!entry || clientStanding(entry.state, entry.readAt) === 'gone') return undefined;
    return ifMatchHolds(ifMatch, entry.version) ? undefined : { rejection: { kind: 'registration_changed' } };
  }
}

/** Begins to follow requests for a change. */
@Injectable()
export class ClientChanges {
  constructor(
    private readonly access: ClientAccess,
    private readonly directory: ClientDirectory,
  ) {}

  begin(request: ChangeRequest): ClientChange {
    return new ClientChange(this.access, this.directory, request);
  }
}
