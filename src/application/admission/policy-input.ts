import type { Channel, ClientMetadata } from '../../contract/client-metadata.js';
import type { ParsedMetadata } from '../../domain/metadata/parse-options.js';
import { toPolicyClient } from '../../domain/metadata/policy-client.js';
import type {
  PolicyCaller,
  PolicyInput,
  PolicyStatement,
  PriorFacts,
} from '../../domain/policy/policy-input.js';
import { registeredMembers } from '../../domain/software-statement/stated-members.js';
import { timestamp } from '../../platform/clock.js';
import type { RealmEntry } from '../realms/realm-registry.js';
import type { AskedStatement } from '../software-statements/software-statements.js';

/** What is put before the policy: every fact in it was verified, every default applied. */
export interface PolicyQuestion {
  readonly action: 'register' | 'replace';
  readonly realm: RealmEntry;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly caller: PolicyCaller;
  readonly channel: Channel;
  readonly asked: ParsedMetadata;
  /** The whole metadata before a replacement, contacts in clear. */
  readonly previous: ClientMetadata | null;
  /** Behind the asked metadata; left out where there is none. */
  readonly statement?: AskedStatement | null;
  /** Holds and denials that were looked up. */
  readonly prior?: PriorFacts | undefined;
}

/** The input of `admission/decision`. Nothing is looked up: the same question gives the same input. */
export function policyInput(question: PolicyQuestion): PolicyInput {
  const { action, realm, now, caller, channel, asked, previous, statement } = question;
  return {
    version: 1,
    action,
    now: timestamp(now),
    realm: realm.state.name,
    profile: caller.constraints?.profile ?? realm.state.profile,
    channel,
    caller,
    client: toPolicyClient(asked.metadata),
    declared: asked.declared,
    custom: asked.metadata.custom,
    custom_errors: asked.custom_errors,
    previous: previous && { client: toPolicyClient(previous), custom: previous.custom },
    statement: statement ? policyStatement(statement, asked.metadata) : null,
    document: null,
    subject: null,
    resource: null,
    facts: question.prior ? { prior: question.prior } : {},
  };
}

function policyStatement(
  { issuer, claims, stated, held }: AskedStatement,
  metadata: ClientMetadata,
): PolicyStatement {
  return { issuer, members: held?.members ?? registeredMembers(stated, metadata), claims };
}
