import type { ClientMetadata } from '../../contract/client-metadata.js';
import type { JsonObject } from '../../contract/json.js';
import type { ParsedMetadata } from '../../domain/metadata/parse-options.js';
import { toPolicyClient } from '../../domain/metadata/policy-client.js';
import type { PolicyCaller, PolicyInput } from '../../domain/policy/policy-input.js';
import { timestamp } from '../../platform/clock.js';
import type { PolicyBinding } from '../policies/policy-bindings.js';
import type { RealmEntry } from '../realms/realm-registry.js';

/** What is to be judged: every fact in it was verified, every default applied. */
export interface AdmissionCase {
  readonly action: 'register' | 'replace';
  readonly realm: RealmEntry;
  readonly binding: PolicyBinding;
  readonly clientId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly caller: PolicyCaller;
  readonly asked: ParsedMetadata;
  /** The whole metadata before a replacement, contacts in clear. */
  readonly previous: ClientMetadata | null;
}

/** The input of `admission/decision` for a case. Nothing is looked up: the same case gives the same input. */
export function policyInput({ action, realm, now, caller, asked, previous }: AdmissionCase): PolicyInput {
  return {
    version: 1,
    action,
    now: timestamp(now),
    realm: realm.state.name,
    profile: caller.constraints?.profile ?? realm.state.profile,
    channel: 'dynamic',
    caller,
    client: toPolicyClient(asked.metadata),
    declared: asked.declared,
    custom: asked.metadata.custom,
    custom_errors: asked.custom_errors,
    previous: previous && { client: toPolicyClient(previous), custom: previous.custom },
    statement: null,
    document: null,
    subject: null,
    resource: null,
    facts: noFacts,
  };
}

/** Standing by software and fingerprint comes with quotas; the member is there so that rules can be written against it. */
const noFacts: JsonObject = {};
