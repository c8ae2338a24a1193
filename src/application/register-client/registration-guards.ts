import { Injectable } from '@nestjs/common';
import type { ParsedMetadata } from '../../domain/metadata/parse-options.js';
import type { PriorFacts } from '../../domain/policy/policy-input.js';
import type { Claim, Guard } from '../../platform/event-log/append-call.js';
import type { ProfileFacts } from '../../platform/opa/policy-host.js';
import type { Attempt } from '../admission/decide-again.js';
import { PriorStandings } from '../admission/prior-standings.js';
import type { RegisteredClient } from '../client-configuration/registered-client.js';
import type { RealmEntry } from '../realms/realm-registry.js';
import { foldHolder, Folding, isShareable, type Fold } from './folding.js';
import type { RegisterClient } from './register-client.command.js';
import type { RegistrationCaller } from './registration-callers.js';
import { RepeatedRegistrations } from './repeated-registrations.js';

/** What a registration has learned from appends that it lost. */
export class LostAppends {
  /** Whether something was found to stand against it: it is looked up from then on. */
  standing = false;
  foldHolder: string | undefined;

  /** Remembers why an attempt was lost, and hands it on. */
  noting<Result>(attempt: Attempt<Result>): Attempt<Result> {
    if ('conflict' in attempt) {
      if (attempt.conflict.kind === 'guard') this.standing = true;
      this.foldHolder = foldHolder(attempt.conflict) ?? this.foldHolder;
    }
    return attempt;
  }
}

export interface GuardQuestion {
  readonly command: RegisterClient;
  readonly caller: RegistrationCaller;
  readonly realm: RealmEntry;
  readonly profile: ProfileFacts;
  readonly asked: ParsedMetadata;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly lostTo: LostAppends;
}

/** What one attempt is decided on beside the request, and what its append has to find. */
export interface RegistrationGuarded {
  readonly prior: PriorFacts | undefined;
  readonly standing: readonly Guard[];
  /** Undefined where the client is not shared. */
  readonly fold: Fold | undefined;
}

/**
 * What has to hold between registrations. It is not looked up but taken for granted; the append finds out where it does not
 * hold, and only then the next attempt looks (ADR 0016).
 */
@Injectable()
export class RegistrationGuards {
  constructor(
    private readonly standings: PriorStandings,
    private readonly folding: Folding,
    private readonly repeated: RepeatedRegistrations,
  ) {}

  async of(question: GuardQuestion): Promise<RegistrationGuarded> {
    const { realm, asked, lostTo } = question;
    const fold = await this.fold(question);
    // No append will find out for a client that is there already.
    const look = lostTo.standing || fold?.client !== undefined;
    const { prior, guards } = look
      ? await this.standings.find(realm.state.name, asked.metadata)
      : this.standings.assumeNone(asked.metadata);
    return { prior, standing: guards, fold };
  }

  /** The answer where the client is there already: the same client_id, and no credential of any kind. */
  shared({ fold }: RegistrationGuarded, now: number): RegisteredClient | undefined {
    if (!fold?.client) return undefined;
    const { state, version } = fold.client;
    this.repeated.count(state.realm, state.client_id, now);
    return { state, version, secret: null, registrationAccessToken: null };
  }

  claims({ fold }: RegistrationGuarded, clientId: string): readonly Claim[] {
    return fold ? [this.folding.claim(fold, clientId)] : [];
  }

  private async fold({ command, caller, realm, profile, asked, now, lostTo }: GuardQuestion) {
    if (!profile.fold || caller.policy.kind !== 'anonymous' || !isShareable(asked.metadata)) return undefined;
    // A statement vouches for one request, not for whoever sends the same metadata.
    if (!command.body.ok || 'software_statement' in command.body.value) return undefined;
    return this.folding.find({
      realm: realm.state.name,
      metadata: asked.metadata,
      now,
      holder: lostTo.foldHolder,
    });
  }
}
