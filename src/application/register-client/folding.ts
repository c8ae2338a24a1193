import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { ClientMetadata } from '../../contract/client-metadata.js';
import { clientStanding } from '../../domain/client/client-state.js';
import type { Claim, Conflict } from '../../platform/event-log/append-call.js';
import { metadataFingerprint } from '../admission/metadata-fingerprint.js';
import { ClientDirectory, type DirectoryEntry } from '../directory/client-directory.js';

const KIND = 'fold';
const MOST_REMEMBERED = 10_000;

/** A registration that shares its client with every identical one. */
export interface Fold {
  readonly key: string;
  /** The client there is already; undefined where this registration makes it. */
  readonly client: DirectoryEntry | undefined;
  /** A client that is gone or suspended, and whose place the new one takes. */
  readonly over: string | undefined;
}

/** What decides whether a registration may share its client. */
export interface FoldQuestion {
  readonly realm: string;
  readonly metadata: ClientMetadata;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Who holds the fold, as an append that was lost has told; undefined before that. */
  readonly holder: string | undefined;
}

/**
 * Folds identical anonymous registrations of public clients into one client (R-65, DESIGN section 5). The first claims the hash
 * of its effective metadata; whoever comes later is told by its append who has it, and by this memory from then on.
 */
@Injectable()
export class Folding {
  /** Which client holds which key, the oldest first: a hint that saves an append, and nothing more. */
  private readonly remembered = new Map<string, string>();

  constructor(private readonly directory: ClientDirectory) {}

  async find({ realm, metadata, now, holder: told }: FoldQuestion): Promise<Fold> {
    const key = foldKey(realm, metadata);
    const holder = told ?? this.remembered.get(key);
    if (holder === undefined) return { key, client: undefined, over: undefined };
    const client = await this.directory.find(realm, holder);
    const standing = clientStanding(client?.state, now);
    if (standing === 'active' || standing === 'pending') {
      this.remember(key, holder);
      return { key, client, over: undefined };
    }
    return { key, client: undefined, over: holder };
  }

  /** What the registration that makes the client claims. */
  claim({ key, over }: Fold, clientId: string): Claim {
    return { kind: KIND, key, holder: clientId, ...(over === undefined ? {} : { over }) };
  }

  private remember(key: string, clientId: string): void {
    this.remembered.delete(key);
    this.remembered.set(key, clientId);
    if (this.remembered.size > MOST_REMEMBERED) this.remembered.delete(this.remembered.keys().next().value!);
  }
}

/** Who holds the fold, where an append was lost to it. */
export function foldHolder(conflict: Conflict): string | undefined {
  return conflict.kind === 'claim' && conflict.claim === KIND ? (conflict.holder ?? undefined) : undefined;
}

/**
 * Whether a client may be shared: it has no secret, and no contacts, which are personal and are left out of the comparison.
 * Whose request it is, the caller of this has to know.
 */
export function isShareable({ members }: ClientMetadata): boolean {
  return members.token_endpoint_auth_method === 'none' && members.contacts === undefined;
}

function foldKey(realm: string, metadata: ClientMetadata): string {
  return createHash('sha256')
    .update(JSON.stringify([realm, metadataFingerprint(metadata)]))
    .digest('base64url');
}
