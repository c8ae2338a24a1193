import { Injectable } from '@nestjs/common';
import { streamType } from '../../contract/streams.js';
import type { AppendResult, Conflict } from '../../platform/event-log/append-call.js';
import { Turns } from '../../platform/turns.js';
import { Unavailable } from '../../platform/unavailable.js';
import { PolicyBindings } from '../policies/policy-bindings.js';
import { RealmRegistry } from '../realms/realm-registry.js';

/** Attempts before the service says that it is too busy; each lost one means that somebody else's append went through. */
const MOST_ATTEMPTS = 8;

/** Concurrent changes won every time; the caller may try again. Answered as 503. */
export class TooMuchContention extends Unavailable {
  constructor(conflict: Conflict) {
    super(`an append lost ${MOST_ATTEMPTS} times, last ${JSON.stringify(conflict)}`, 1);
  }
}

/** An attempt either ends the command, or lost its append to somebody else's. */
export type Attempt<Result> = { readonly result: Result } | { readonly conflict: Conflict };

/** Runs a decision until its append goes through, forgetting what turned out to be out of date. */
@Injectable()
export class DecideAgain {
  private readonly turns = new Turns();

  constructor(
    private readonly realms: RealmRegistry,
    private readonly bindings: PolicyBindings,
  ) {}

  /**
   * @param attempt loads, decides and appends once; everything it relies on must be loaded inside
   * @throws TooMuchContention after a bounded number of lost attempts
   */
  async untilCommitted<Result>(attempt: () => Promise<Attempt<Result>>): Promise<Result> {
    let conflict: Conflict | undefined;
    for (let attempts = 0; attempts < MOST_ATTEMPTS; attempts++) {
      const outcome = await this.inTurn(conflict, attempt);
      if ('result' in outcome) return outcome.result;
      conflict = outcome.conflict;
      this.forget(conflict);
    }
    throw new TooMuchContention(conflict!);
  }

  /**
   * Whoever lost a client to another request goes on one at a time. Left to race, each round would have one winner, and of
   * many requests for one client the last would run out of attempts.
   */
  private inTurn<Outcome>(lost: Conflict | undefined, attempt: () => Promise<Outcome>): Promise<Outcome> {
    return lost?.kind === 'version' && streamType(lost.stream) === 'client'
      ? this.turns.take(lost.stream, attempt)
      : attempt();
  }

  private forget(conflict: Conflict): void {
    if (conflict.kind !== 'version') return;
    const name = conflict.stream.slice(conflict.stream.indexOf(':') + 1);
    const type = streamType(conflict.stream);
    if (type === 'realm') this.realms.forget(name);
    if (type === 'policy') this.bindings.forget(name);
  }
}

/** What an attempt says of an append that did not go through. */
export function lost(result: Extract<AppendResult, { committed: false }>): { readonly conflict: Conflict } {
  return { conflict: result.conflict };
}
