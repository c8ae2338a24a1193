import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { canonicalJson } from '../../contract/canonical-json.js';
import type { ClientMetadata } from '../../contract/client-metadata.js';
import type { PolicyTrace, Source } from '../../contract/envelope.js';
import type { Sealed } from '../../contract/sealed.js';
import type { ClientStatement } from '../../contract/software-statement.js';
import { streams } from '../../contract/streams.js';
import type { PolicyDecision, PolicyOutcome } from '../../domain/policy/policy-decision.js';
import type { PolicyInput } from '../../domain/policy/policy-input.js';
import { timestamp } from '../../platform/clock.js';
import { Sealer, sealingKeys } from '../../platform/crypto/sealer.js';
import type { Requirement } from '../../platform/event-log/append-call.js';
import { uuidVersion7 } from '../../platform/event-log/uuid-version-7.js';
import { PolicyHost } from '../../platform/opa/policy-host.js';
import { AdmissionMetrics } from './admission-metrics.js';
import { DecisionTraces } from './decision-traces.js';
import { policyInput, type PolicyQuestion } from './policy-input.js';
import type { PolicyBinding } from '../policies/policy-bindings.js';
import { sealStatement } from '../software-statements/sealed-statement.js';

/** A question whose answer is going to be acted on. */
export interface AdmissionCase extends PolicyQuestion {
  readonly binding: PolicyBinding;
  /** Of the client that there is, or will be; its key seals the contacts. */
  readonly clientId: string;
  /** The caller's address and agent as the events carry them. */
  readonly source: Source;
  /** Of the request that asks. */
  readonly traceparent: string | null;
}

/** The decision, and what the append needs to make it replayable. */
export interface Judgement {
  readonly decision: PolicyDecision;
  readonly trace: PolicyTrace;
  /** The input as it is kept: personal fields sealed, canonical bytes. */
  readonly decisionInput: { readonly decision_id: string; readonly body: Buffer };
  /** The streams the decision was made under; an append that finds another version makes it again. */
  readonly requires: readonly Requirement[];
  /** The asked metadata as it may be stored: contacts sealed. */
  readonly metadata: ClientMetadata;
  /** The software statement behind it as it may be stored; undefined where there is none. */
  readonly statement: ClientStatement | undefined;
}

/** Puts a request before the realm's policy. The door for every channel. */
@Injectable()
export class AdmissionJudge {
  constructor(
    private readonly host: PolicyHost,
    private readonly sealer: Sealer,
    private readonly metrics: AdmissionMetrics,
    private readonly traces: DecisionTraces,
  ) {}

  /** @throws PolicyUnavailable when there is no decision to be had; never an admission then */
  async judge(admission: AdmissionCase): Promise<Judgement> {
    const { binding, realm, asked } = admission;
    const input = policyInput(admission);
    const decision_id = uuidVersion7(admission.now);
    const { decision } = await this.traces.around(
      {
        traceparent: admission.traceparent,
        realm: realm.state.name,
        action: admission.action,
        decisionId: decision_id,
        bundleDigest: binding.bundle.digest,
      },
      () => this.host.evaluate(binding.bundle.digest, input),
    );
    this.metrics.decided(decision);

    const key = sealingKeyOf(admission, decision.outcome);
    const contacts = await this.sealContacts(admission, key);
    const statement =
      admission.statement && input.statement
        ? await sealStatement(this.sealer, key, admission.statement, input.statement)
        : undefined;
    const body = storedInput(input, admission.source, contacts, statement?.claims);
    return {
      decision,
      trace: {
        decision_id,
        bundle_digest: binding.bundle.digest,
        revision: binding.bundle.revision,
        input_sha256: sha256(body),
        outcome: decision.outcome,
      },
      decisionInput: { decision_id, body },
      requires: [
        { stream: streams.policy(realm.state.name), version: binding.version },
        { stream: streams.realm(realm.state.name), version: realm.version },
      ],
      metadata: withContacts(asked.metadata, contacts.asked),
      statement: statement?.record,
    };
  }

  private async sealContacts({ asked, previous }: AdmissionCase, key: string): Promise<SealedContacts> {
    const seal = async (metadata: ClientMetadata | null) => {
      const contacts = metadata?.members.contacts;
      return Array.isArray(contacts) ? this.sealer.seal(key, contacts) : undefined;
    };
    return { asked: await seal(asked.metadata), previous: await seal(previous) };
  }
}

interface SealedContacts {
  readonly asked: Sealed | undefined;
  readonly previous: Sealed | undefined;
}

/** The client's own; a denied registration never becomes a client, and shares the key of its day. */
function sealingKeyOf({ realm, clientId, now, previous }: AdmissionCase, outcome: PolicyOutcome): string {
  const neverBecomesClient = outcome === 'deny' && previous === null;
  return neverBecomesClient
    ? sealingKeys.day(realm.state.name, timestamp(now))
    : sealingKeys.client(realm.state.name, clientId);
}

/** The input with what is personal sealed, as the event's `input_sha256` is over it. */
function storedInput(
  input: PolicyInput,
  source: Source,
  contacts: SealedContacts,
  claims: Sealed | undefined,
): Buffer {
  const stored = {
    ...input,
    caller: { ...input.caller, ip: source.ip },
    client: contacts.asked ? { ...input.client, contacts: contacts.asked } : input.client,
    previous:
      input.previous && contacts.previous
        ? { ...input.previous, client: { ...input.previous.client, contacts: contacts.previous } }
        : input.previous,
    statement: input.statement && claims ? { ...input.statement, claims } : input.statement,
  };
  return Buffer.from(canonicalJson(stored), 'utf8');
}

function withContacts(metadata: ClientMetadata, contacts: Sealed | undefined): ClientMetadata {
  return contacts ? { ...metadata, members: { ...metadata.members, contacts } } : metadata;
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64url');
}
