import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { streams } from '../../contract/streams.js';
import type { ClientState } from '../../domain/client/client-state.js';
import { needsSecret, registerClient } from '../../domain/client/register-client.js';
import { parseClientMetadata } from '../../domain/metadata/parse-client-metadata.js';
import type { ParsedMetadata } from '../../domain/metadata/parse-options.js';
import { clientManagement } from '../../domain/realm/client-management.js';
import type { Rejection } from '../../domain/rejection.js';
import { Clock, timestamp } from '../../platform/clock.js';
import { mintCredential, newClientId } from '../../platform/crypto/credentials.js';
import { EventLog } from '../../platform/event-log/event-log.js';
import { AdmissionJudge, type Judgement } from '../admission/admission-judge.js';
import { DecideAgain, lost, type Attempt } from '../admission/decide-again.js';
import { EventContexts } from '../admission/event-contexts.js';
import { RefusalRecorder } from '../admission/refusal-recorder.js';
import type { RegisteredClient } from '../client-configuration/registered-client.js';
import { consumption } from '../initial-access-tokens/consume-initial-access-token.js';
import { PolicyBindings } from '../policies/policy-bindings.js';
import { profileFacts } from '../policies/profile-facts.js';
import { RegistrationLimits } from '../rate-limits/registration-limits.js';
import { RealmRegistry, type RealmEntry } from '../realms/realm-registry.js';
import { serverCapabilities } from '../realms/server-capabilities.js';
import { SoftwareStatements, type StatedRequest } from '../software-statements/software-statements.js';
import { refusedMetadata } from './refused-metadata.js';
import { RegisterClient } from './register-client.command.js';
import { RegistrationCallers, type RegistrationCaller } from './registration-callers.js';
import { LostAppends, RegistrationGuards, type RegistrationGuarded } from './registration-guards.js';
import { Replays } from './replays.js';

type Result = { readonly registered: RegisteredClient } | { readonly rejection: Rejection };

/** A registration, and what its attempts have in common. */
interface TriedRegistration {
  readonly command: RegisterClient;
  readonly clientId: string;
  readonly lostTo: LostAppends;
  readonly limit: ReturnType<RegistrationLimits['forOneRequest']>;
}

/** RFC 7591 section 3: authenticate, parse, judge, mint, append. Nothing is answered before it is committed. */
@CommandHandler(RegisterClient)
export class RegisterClientHandler implements ICommandHandler<RegisterClient> {
  constructor(
    private readonly log: EventLog,
    private readonly realms: RealmRegistry,
    private readonly bindings: PolicyBindings,
    private readonly callers: RegistrationCallers,
    private readonly statements: SoftwareStatements,
    private readonly judge: AdmissionJudge,
    private readonly contexts: EventContexts,
    private readonly refusals: RefusalRecorder,
    private readonly decideAgain: DecideAgain,
    private readonly clock: Clock,
    private readonly guards: RegistrationGuards,
    private readonly replays: Replays,
    private readonly limits: RegistrationLimits,
  ) {}

  execute(command: RegisterClient): Promise<Result> {
    const request = {
      command,
      clientId: newClientId(),
      lostTo: new LostAppends(),
      limit: this.limits.forOneRequest(),
    };
    return this.decideAgain.untilCommitted(async () => request.lostTo.noting(await this.attempt(request)));
  }

  private async attempt({ command, clientId, lostTo, limit }: TriedRegistration): Promise<Attempt<Result>> {
    const now = this.clock.now();
    const realm = await this.realms.get(command.realm);
    const caller = await this.callers.identify(command.bearer, command.origin, realm, command.door);
    if ('rejection' in caller) {
      const replay = await this.replays.findByToken(command);
      return { result: replay ? { rejection: replay } : caller };
    }
    const { origin, body } = command;
    const throttled = limit({ realm: command.realm, caller, origin, body });
    if (throttled) return { result: { rejection: throttled } };
    if (!command.body.ok) {
      return { result: { rejection: { kind: 'malformed_body', description: command.body.description } } };
    }
    if (command.idempotencyKey?.ok === false) {
      const { description } = command.idempotencyKey;
      return { result: { rejection: { kind: 'idempotency_key_malformed', description } } };
    }

    const binding = await this.bindings.current(realm.state.name);
    const profile = profileFacts(binding.bundle, caller.policy.constraints?.profile ?? realm.state.profile);
    const stated = await this.statements.ofRegistration({
      realm: realm.state,
      body: command.body.value,
      customNames: profile.custom.names,
      now,
    });
    if ('rejection' in stated) return { result: stated };
    const asked = parseClientMetadata(stated.body, {
      channel: 'dynamic',
      server: serverCapabilities(realm.state, caller.policy.constraints, profile.dotlessSchemes),
      custom: profile.custom,
    });
    if (!asked.ok) {
      const rejection = refusedMetadata(asked.rejection, stated.body, realm.state, caller.policy, profile);
      return { result: { rejection } };
    }

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
    const request = { body_sha256: command.body.sha256, ignored_members: asked.ignored };
    const context = await this.contexts.build({
      realm: realm.state.name,
      now,
      actor: caller.actor,
      origin: command.origin,
      source,
      request,
      policy: judgement.trace,
    });
    if (judgement.decision.outcome === 'deny') {
      const replay = await this.replays.find(command, caller.policy.token_id);
      if (replay) return { result: { rejection: replay } };
      return this.refusals.record({
        action: 'register',
        clientId: null,
        context,
        judgement,
        guards: guards.standing,
      });
    }
    const shared = this.guards.shared(guards, now);
    if (shared) return { result: { registered: shared } };
    return this.admit({ command, realm, caller, clientId, now, asked, stated, judgement, context, guards });
  }

  private async admit(admission: {
    readonly command: RegisterClient;
    readonly realm: RealmEntry;
    readonly caller: RegistrationCaller;
    readonly clientId: string;
    readonly now: number;
    readonly asked: ParsedMetadata;
    readonly stated: StatedRequest;
    readonly judgement: Judgement;
    readonly context: Awaited<ReturnType<EventContexts['build']>>;
    readonly guards: RegistrationGuarded;
  }): Promise<Attempt<Result>> {
    const { command, realm, caller, clientId, now, asked, stated, judgement, context, guards } = admission;
    const { obligations } = judgement.decision;
    const secret = needsSecret(asked.metadata)
      ? mintCredential('client_secret', now, { lifetime: obligations.secret_lifetime })
      : null;
    // Nobody owns a shared client.
    const owned = clientManagement(realm.state).enabled && !guards.fold;
    const registrationAccessToken = owned ? mintCredential('registration_access_token', now) : null;
    const lifetime = obligations.client_lifetime;
    const events = registerClient({
      client_id: clientId,
      channel: 'dynamic',
      metadata: judgement.metadata,
      statement: judgement.statement,
      shared: guards.fold !== undefined,
      decision: judgement.decision,
      secret: secret?.credential ?? null,
      registration_access_token: registrationAccessToken?.credential ?? null,
      initial_access_token: caller.token
        ? { id: caller.token.state.token_id, constraints: caller.token.state.constraints }
        : null,
      expires_at: lifetime === undefined ? null : timestamp(now + lifetime * 1000),
    });
    const stream = streams.client(realm.state.name, clientId);
    const result = await this.log.append({
      context,
      requires: judgement.requires,
      writes: [{ stream, head: undefined, events }, ...consumption(caller.token, clientId, realm.state.name)],
      guards: guards.standing,
      claims: [
        ...stated.claims,
        ...this.guards.claims(guards, clientId),
        ...this.replays.claim(command, caller.policy.token_id, clientId),
      ],
      decisionInput: judgement.decisionInput,
    });
    if (!result.committed) {
      const replay = this.replays.answer(command, result.conflict);
      return replay ? { result: { rejection: replay } } : lost(result);
    }

    const head = result.heads[0]!;
    return {
      result: {
        registered: {
          state: {
            ...(head.state as ClientState),
            metadata: asked.metadata,
            ...(judgement.statement &&
              stated.statement && {
                software_statement: { ...judgement.statement, statement: stated.statement.jws },
              }),
          },
          version: head.version,
          secret: secret?.text ?? null,
          registrationAccessToken: registrationAccessToken?.text ?? null,
        },
      },
    };
  }
}
