import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../platform/clock.js';
import { newClientId } from '../../platform/crypto/credentials.js';
import { AdmissionJudge } from '../admission/admission-judge.js';
import { DecideAgain, type Attempt } from '../admission/decide-again.js';
import { EventContexts } from '../admission/event-contexts.js';
import { RefusalRecorder } from '../admission/refusal-recorder.js';
import type { RegistrationResult } from '../client-configuration/registered-client.js';
import { RegisterClient } from './register-client.command.js';
import { RegistrationAdmission } from './registration-admission.js';
import { LostAppends, RegistrationGuards } from './registration-guards.js';
import { RegistrationReader, type RequestLimit } from './registration-reader.js';
import { Replays } from './replays.js';

/** A registration, and what its attempts have in common. */
interface TriedRegistration {
  readonly command: RegisterClient;
  readonly clientId: string;
  readonly lostTo: LostAppends;
  readonly limit: RequestLimit;
}

/** RFC 7591 section 3: read, judge, admit. Nothing is answered before it is committed. */
@CommandHandler(RegisterClient)
export class RegisterClientHandler implements ICommandHandler<RegisterClient> {
  constructor(
    private readonly reader: RegistrationReader,
    private readonly guards: RegistrationGuards,
    private readonly contexts: EventContexts,
    private readonly judge: AdmissionJudge,
    private readonly replays: Replays,
    private readonly refusals: RefusalRecorder,
    private readonly admission: RegistrationAdmission,
    private readonly decideAgain: DecideAgain,
    private readonly clock: Clock,
  ) {}

  execute(command: RegisterClient): Promise<RegistrationResult> {
    const tried = {
      command,
      clientId: newClientId(),
      lostTo: new LostAppends(),
      limit: this.reader.limitForOneRequest(),
    };
    return this.decideAgain.untilCommitted(async () => tried.lostTo.noting(await this.attempt(tried)));
  }

  private async attempt(tried: TriedRegistration): Promise<Attempt<RegistrationResult>> {
    const { command, clientId, lostTo, limit } = tried;
    const now = this.clock.now();
    const understood = await this.reader.read(command, limit, now);
    if ('rejection' in understood) return { result: understood };

    const { realm, caller, binding, profile, stated, asked, bodySha256 } = understood;
    const guards = await this.guards.of({ command, caller, realm, profile, asked, now, lostTo });
    const source = await this.contexts.source(realm.state.name, now, command.origin);
    const judgement = await this.judge.judge({
      action: 'register',
      realm,
      binding,
      clientId,
      now,
      caller: caller.policy,
      channel: 'dynamic',
      asked,
      source,
      previous: null,
      statement: stated.statement,
      prior: guards.prior,
      traceparent: command.origin.traceparent,
    });
    const context = await this.contexts.build({
      realm: realm.state.name,
      now,
      actor: caller.actor,
      origin: command.origin,
      source,
      request: { body_sha256: bodySha256, ignored_members: asked.ignored },
      policy: judgement.trace,
    });
    if (judgement.decision.outcome === 'deny') {
      const replay = await this.replays.find(command, caller.policy.token_id);
      if (replay) return { result: { rejection: replay } };
      const refusal = { action: 'register', clientId: null, context, judgement } as const;
      return this.refusals.record({ ...refusal, guards: guards.standing });
    }
    const shared = this.guards.shared(guards, now);
    if (shared) return { result: { registered: shared } };
    return this.admission.admit({ command, clientId, now, understood, guards, judgement, context });
  }
}
