import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { streams } from '../../contract/streams.js';
import type { ClientState } from '../../domain/client/client-state.js';
import { needsSecret, registerClient } from '../../domain/client/register-client.js';
import { parseClientMetadata } from '../../domain/metadata/parse-client-metadata.js';
import type { ParsedMetadata } from '../../domain/metadata/parse-options.js';
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
import { RealmRegistry, type RealmEntry } from '../realms/realm-registry.js';
import { serverCapabilities } from '../realms/server-capabilities.js';
import { SoftwareStatements, type StatedRequest } from '../software-statements/software-statements.js';
import { refusedMetadata } from './refused-metadata.js';
import { RegisterClient } from './register-client.command.js';
import { RegistrationCallers, type RegistrationCaller } from './registration-callers.js';

type Result = { readonly registered: RegisteredClient } | { readonly rejection: Rejection };

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
  ) {}

  execute(command: RegisterClient): Promise<Result> {
    const clientId = newClientId();
    return this.decideAgain.untilCommitted(() => this.attempt(command, clientId));
  }

  private async attempt(command: RegisterClient, clientId: string): Promise<Attempt<Result>> {
    const now = this.clock.now();
    const realm = await this.realms.get(command.realm);
    const caller = await this.callers.identify(command.bearer, command.origin, realm, command.door);
    if ('rejection' in caller) return { result: caller };
    if (!command.body.ok) {
      return { result: { rejection: { kind: 'malformed_body', description: command.body.description } } };
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
      return this.refusals.record({ action: 'register', clientId: null, context, judgement });
    }
    return this.admit({ realm, caller, clientId, now, asked, stated, judgement, context });
  }

  private async admit(admission: {
    readonly realm: RealmEntry;
    readonly caller: RegistrationCaller;
    readonly clientId: string;
    readonly now: number;
    readonly asked: ParsedMetadata;
    readonly stated: StatedRequest;
    readonly judgement: Judgement;
    readonly context: Awaited<ReturnType<EventContexts['build']>>;
  }): Promise<Attempt<Result>> {
    const { realm, caller, clientId, now, asked, stated, judgement, context } = admission;
    const { obligations } = judgement.decision;
    const secret = needsSecret(asked.metadata)
      ? mintCredential('client_secret', now, { lifetime: obligations.secret_lifetime })
      : null;
    const registrationAccessToken = mintCredential('registration_access_token', now);
    const lifetime = obligations.client_lifetime;
    const events = registerClient({
      client_id: clientId,
      channel: 'dynamic',
      metadata: judgement.metadata,
      statement: judgement.statement,
      decision: judgement.decision,
      secret: secret?.credential ?? null,
      registration_access_token: registrationAccessToken.credential,
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
      claims: stated.claims,
      decisionInput: judgement.decisionInput,
    });
    if (!result.committed) return lost(result);

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
          registrationAccessToken: registrationAccessToken.text,
        },
      },
    };
  }
}
