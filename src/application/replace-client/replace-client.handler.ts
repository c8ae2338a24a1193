import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { canonicalJson } from '../../contract/canonical-json.js';
import type { EventContext } from '../../contract/envelope.js';
import { streams } from '../../contract/streams.js';
import type { ClientState } from '../../domain/client/client-state.js';
import { registrationAccessTokenAfter } from '../../domain/client/registration-access-token.js';
import { replaceClient } from '../../domain/client/replace-client.js';
import { replacementBodyFault } from '../../domain/client/replacement-body.js';
import { parseClientMetadata } from '../../domain/metadata/parse-client-metadata.js';
import type { Rejection } from '../../domain/rejection.js';
import { Clock, timestamp } from '../../platform/clock.js';
import { matchesCredential, mintCredential } from '../../platform/crypto/credentials.js';
import type { Guard } from '../../platform/event-log/append-call.js';
import { EventLog } from '../../platform/event-log/event-log.js';
import { AdmissionJudge, type Judgement } from '../admission/admission-judge.js';
import { DecideAgain, lost, type Attempt } from '../admission/decide-again.js';
import { EventContexts } from '../admission/event-contexts.js';
import { PriorStandings } from '../admission/prior-standings.js';
import { RefusalRecorder } from '../admission/refusal-recorder.js';
import { ClientAccess, type ManagedClient } from '../client-configuration/client-access.js';
import { ClientChanges, type ClientChange } from '../client-configuration/client-change.js';
import type { RegistrationResult } from '../client-configuration/registered-client.js';
import { PolicyBindings } from '../policies/policy-bindings.js';
import { profileFacts } from '../policies/profile-facts.js';
import { serverCapabilities } from '../realms/server-capabilities.js';
import { SoftwareStatements, type StatedRequest } from '../software-statements/software-statements.js';
import { ReplaceClient } from './replace-client.command.js';

/** A replacement goes through the same door as a registration: the policy sees the whole new state and the old one. */
@CommandHandler(ReplaceClient)
export class ReplaceClientHandler implements ICommandHandler<ReplaceClient> {
  constructor(
    private readonly log: EventLog,
    private readonly bindings: PolicyBindings,
    private readonly access: ClientAccess,
    private readonly statements: SoftwareStatements,
    private readonly changes: ClientChanges,
    private readonly judge: AdmissionJudge,
    private readonly contexts: EventContexts,
    private readonly refusals: RefusalRecorder,
    private readonly decideAgain: DecideAgain,
    private readonly clock: Clock,
    private readonly standings: PriorStandings,
  ) {}

  execute(command: ReplaceClient): Promise<RegistrationResult> {
    const change = this.changes.begin(command);
    let guarded = false;
    return this.decideAgain.untilCommitted(async () => {
      const attempt = await this.attempt(command, change, guarded);
      guarded ||= 'conflict' in attempt && attempt.conflict.kind === 'guard';
      return attempt;
    });
  }

  /** @param guarded whether an append was lost to what stands against the new metadata */
  private async attempt(
    command: ReplaceClient,
    change: ClientChange,
    guarded: boolean,
  ): Promise<Attempt<RegistrationResult>> {
    const now = this.clock.now();
    const { clientId, body, origin } = command;
    const client = await change.admit();
    if ('rejection' in client) return { result: client };
    if (!body.ok) return refuse({ kind: 'malformed_body', description: body.description });
    const fault = replacementBodyFault(body.value, clientId, (text) =>
      client.state.secrets.some((secret) => matchesCredential(text, secret, client.readAt)),
    );
    if (fault) return refuse({ kind: 'metadata', rejection: fault });

    const { realm } = client;
    const binding = await this.bindings.current(command.realm);
    const profile = profileFacts(binding.bundle, client.state.constraints?.profile ?? realm.state.profile);
    const previous = await this.access.unsealed(client.state.metadata);
    const stated = await this.statements.ofReplacement(
      { realm: realm.state, body: body.value, customNames: profile.custom.names, now },
      client.state,
      previous,
    );
    if ('rejection' in stated) return refuse(stated.rejection);
    const asked = parseClientMetadata(stated.body, {
      channel: client.state.channel,
      server: serverCapabilities(realm.state, client.state.constraints, profile.dotlessSchemes),
      custom: profile.custom,
    });
    if (!asked.ok) return refuse({ kind: 'metadata', rejection: asked.rejection });

    const { prior, guards } = guarded
      ? await this.standings.find(command.realm, asked.metadata, previous)
      : this.standings.assumeNone(asked.metadata, previous);
    const method = 'registration_access_token';
    const source = await this.contexts.source(command.realm, now, origin);
    const judgement = await this.judge.judge({
      action: 'replace',
      realm,
      binding,
      clientId,
      now,
      caller: {
        kind: 'client',
        method,
        token_id: client.state.initial_access_token,
        constraints: client.state.constraints,
        ip: origin.ip,
      },
      channel: client.state.channel,
      asked,
      source,
      previous,
      statement: stated.statement,
      prior,
      traceparent: command.origin.traceparent,
    });
    const context = await this.contexts.build({
      realm: command.realm,
      now,
      actor: { kind: 'client', id: clientId, method },
      origin,
      source,
      request: { body_sha256: body.sha256, ignored_members: asked.ignored },
      policy: judgement.trace,
    });
    if (judgement.decision.outcome === 'deny') {
      return this.refusals.record({ action: 'replace', clientId, context, judgement, guards });
    }
    const unchanged = canonicalJson(asked.metadata) === canonicalJson(previous);
    return this.put(command, client, { judgement, stated, context, unchanged, guards });
  }

  private async put(
    { realm, clientId, bearer }: ReplaceClient,
    client: ManagedClient,
    { judgement, stated, context, unchanged, guards }: JudgedReplacement,
  ): Promise<Attempt<RegistrationResult>> {
    const now = client.readAt;
    const { secret_lifetime } = judgement.decision.obligations;
    const secret = mintCredential('client_secret', now, { lifetime: secret_lifetime });
    const token = newToken(client, bearer);
    const events = replaceClient(client.state, {
      metadata: judgement.metadata,
      statement: judgement.statement,
      decision: judgement.decision,
      unchanged,
      now,
      secret: secret.credential,
      registration_access_token: token.credential,
    });
    const result = await this.log.append({
      context,
      requires: judgement.requires,
      writes: [{ stream: streams.client(realm, clientId), head: client, events }],
      claims: stated.claims,
      guards,
      decisionInput: judgement.decisionInput,
    });
    if (!result.committed) return lost(result);

    const head = result.heads[0]!;
    const state = head.state as ClientState;
    const issued = state.secrets.some((each) => each.id === secret.credential.id);
    return {
      result: {
        registered: {
          state: await this.access.unsealedState(state),
          version: head.version,
          secret: issued ? secret.text : null,
          registrationAccessToken: token.text,
        },
      },
    };
  }
}

/** A replacement that the policy did not deny. */
interface JudgedReplacement {
  readonly judgement: Judgement;
  readonly stated: StatedRequest;
  readonly context: EventContext;
  readonly unchanged: boolean;
  readonly guards: readonly Guard[];
}

/** The registration access token after the replacement, as the realm has it rotate, and its text for the answer. */
function newToken({ presented, management, readAt }: ManagedClient, bearer: string | null) {
  const { rotate_registration_access_token: rotates, registration_access_token_grace: grace } = management;
  const fresh = rotates ? mintCredential('registration_access_token', readAt) : null;
  const credential = registrationAccessTokenAfter({
    presented,
    fresh: fresh?.credential ?? null,
    grace_ends_at: grace > 0 ? timestamp(readAt + grace * 1000) : null,
  });
  return { text: fresh?.text ?? bearer, credential };
}

function refuse(rejection: Rejection): Attempt<RegistrationResult> {
  return { result: { rejection } };
}
