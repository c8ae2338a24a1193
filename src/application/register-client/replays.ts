import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Rejection } from '../../domain/rejection.js';
import type { Claim, Conflict } from '../../platform/event-log/append-call.js';
import { ClaimHolders } from '../../platform/event-log/claim-holders.js';
import { InitialAccessTokenStore } from '../initial-access-tokens/initial-access-token-store.js';
import type { RegisterClient } from './register-client.command.js';

/** Housekeeping retires claims of this kind. */
const KIND = 'idempotency';

/** What is kept beside a key: enough to tell a repetition from another request, and to name the client. */
interface FirstRequest {
  readonly client_id: string;
  readonly body_sha256: string;
}

/**
 * Recognises a registration that is sent again, by its Idempotency-Key. The key is claimed in the append of the registration,
 * so that there is one client per key however many requests race, and none for a registration that was refused. Keys of
 * different realms and callers are different keys. A secret is never shown a second time.
 */
@Injectable()
export class Replays {
  constructor(
    private readonly claims: ClaimHolders,
    private readonly tokens: InitialAccessTokenStore,
  ) {}

  /**
   * The claim that goes with the registration.
   *
   * @param tokenId of the initial access token it came with; null = anonymous
   */
  claim(command: RegisterClient, tokenId: string | null, clientId: string): readonly Claim[] {
    const { idempotencyKey: presented, body } = command;
    if (!presented?.ok || !body.ok) return [];
    const first: FirstRequest = { client_id: clientId, body_sha256: body.sha256 };
    const key = claimKey(command.realm, tokenId, presented.key);
    return [{ kind: KIND, key, holder: JSON.stringify(first) }];
  }

  /** The answer to a registration whose append found the key taken; undefined for any other conflict. */
  answer(command: RegisterClient, conflict: Conflict): Rejection | undefined {
    if (conflict.kind !== 'claim' || conflict.claim !== KIND || conflict.holder === null) return undefined;
    return answer(command, conflict.holder);
  }

  /**
   * The answer to a registration that is about to be refused although it may have been accepted before. Asks nobody where
   * there is no key.
   */
  async find(command: RegisterClient, tokenId: string | null): Promise<Rejection | undefined> {
    const { idempotencyKey: presented } = command;
    if (!presented?.ok) return undefined;
    const holder = await this.claims.find(KIND, claimKey(command.realm, tokenId, presented.key));
    return holder === undefined ? undefined : answer(command, holder);
  }

  /** The same for a token that is refused: the registration that is repeated may have used it up. */
  async findByToken(command: RegisterClient): Promise<Rejection | undefined> {
    if (!command.idempotencyKey?.ok || command.bearer === null) return undefined;
    const token = await this.tokens.findGenuine(command.bearer);
    return token && this.find(command, token.state.token_id);
  }
}

function answer({ body }: RegisterClient, holder: string): Rejection {
  const first = JSON.parse(holder) as FirstRequest;
  return body.ok && body.sha256 === first.body_sha256
    ? { kind: 'already_registered', clientId: first.client_id }
    : { kind: 'idempotency_key_reused' };
}

/** Hashed, so that a key that says more than it should is not kept. */
function claimKey(realm: string, tokenId: string | null, key: string): string {
  return createHash('sha256')
    .update(JSON.stringify([realm, tokenId, key]))
    .digest('base64url');
}
