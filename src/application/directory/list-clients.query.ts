import { Query } from '@nestjs/cqrs';
import type { ClientStatus } from '../../domain/client/client-state.js';
import type { DirectoryEntry } from './client-directory.js';

export interface ClientFilter {
  /** A lifecycle status, or `suspended` for clients with a hold. */
  readonly status?: ClientStatus | 'suspended' | undefined;
  /** Part of the client_id or the name, in any case. */
  readonly search?: string | undefined;
}

export interface ClientPage {
  readonly items: readonly DirectoryEntry[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

/** A page of a realm's clients, newest first. */
export class ListClients extends Query<ClientPage> {
  constructor(
    readonly realm: string,
    readonly filter: ClientFilter,
    /** As the page before answered it. */
    readonly cursor: string | undefined,
    readonly limit: number,
  ) {
    super();
  }
}
