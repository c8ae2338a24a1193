import { Injectable } from '@nestjs/common';
import type { ClientMetadata } from '../../contract/client-metadata.js';
import type { JsonObject, JsonValue } from '../../contract/json.js';
import { isSealed } from '../../contract/sealed.js';
import type { ClientStatement } from '../../contract/software-statement.js';
import type { ClientState } from '../../domain/client/client-state.js';
import type { RealmState } from '../../domain/realm/realm-state.js';
import type { Rejection } from '../../domain/rejection.js';
import {
  SOFTWARE_STATEMENT,
  statedMembers,
  valuesInForce,
  withStatedMembers,
} from '../../domain/software-statement/stated-members.js';
import { Sealer } from '../../platform/crypto/sealer.js';
import type { Claim } from '../../platform/event-log/append-call.js';
import { claimsOfVerified } from './read-statement.js';
import { statementRejection } from './statement-faults.js';
import { StatementQuota } from './statement-quota.js';
import { sha256, verifyStatement } from './verify-statement.js';

/** The statement behind a request: verified now, or when the client brought it. */
export interface AskedStatement {
  readonly issuer: string;
  readonly sha256: string;
  readonly claims: JsonObject;
  /** What it sets of the metadata. */
  readonly stated: JsonObject;
  /** As received; empty where it was erased. */
  readonly jws: string;
  /** What the client has of it already; null for a new one. */
  readonly held: ClientStatement | null;
}

/** A request with the statement's values in it. */
export interface StatedRequest {
  /** What is parsed, judged and registered. */
  readonly body: JsonObject;
  readonly statement: AskedStatement | null;
  /** The statement's place in its quota, for the append. */
  readonly claims: readonly Claim[];
}

type Stated = StatedRequest | { readonly rejection: Rejection };

/** What a request brings, and where. */
interface Presentation {
  readonly realm: RealmState;
  readonly body: JsonObject;
  /** Names of the custom members that the profile declares. */
  readonly customNames: ReadonlySet<string>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Software statements (RFC 7591 section 2.3): verifies what a request brings, and puts its values in the place of the plain
 * ones before anything else looks at them. Where a realm trusts no issuer they are not supported: they are ignored,
 * and not returned.
 */
@Injectable()
export class SoftwareStatements {
  constructor(
    private readonly quota: StatementQuota,
    private readonly sealer: Sealer,
  ) {}

  /** The statement of a registration. */
  async ofRegistration(presentation: Presentation): Promise<Stated> {
    const { realm, body } = presentation;
    const presented = presentedIn(presentation);
    if (presented !== undefined) return this.verified(presented, presentation);
    return realm.software_statements.required ? statementRejection('required') : without(body);
  }

  /**
   * The statement of a replacement. What the client's statement set stays as it is (M-27), unless a new one of the same issuer
   * says otherwise. Sending back the one that the client has, as RFC 7592 section 2.2 asks clients to, is no new one: it may
   * have expired since.
   *
   * @param metadata what is in force, personal members in clear
   */
  async ofReplacement(
    presentation: Presentation,
    state: ClientState,
    metadata: ClientMetadata,
  ): Promise<Stated> {
    const { realm, body } = presentation;
    const held = state.software_statement;
    const presented = presentedIn(presentation);
    if (presented !== undefined && !isSame(presented, held)) {
      const isPaid = isSame(presented, state.pending_change?.software_statement);
      return this.verified(presented, presentation, held?.issuer, isPaid);
    }
    if (held) return this.inForce(held, body, metadata);
    return realm.software_statements.required ? statementRejection('required') : without(body);
  }

  /** A client's own statement in clear, for its answers; sealed still where its key was destroyed. */
  async unsealed(held: ClientStatement): Promise<ClientStatement> {
    const jws = isSealed(held.statement) ? await this.sealer.unseal(held.statement) : held.statement;
    return typeof jws === 'string' ? { ...held, statement: jws } : held;
  }

  private async verified(
    presented: JsonValue,
    { realm, body, customNames, now }: Presentation,
    onlyIssuer?: string,
    isPaid = false,
  ): Promise<Stated> {
    const check = await verifyStatement(presented, realm, now);
    if (!check.ok) return statementRejection(check.fault);
    const { jws, claims, issuer, identity } = check.value;
    if (onlyIssuer !== undefined && issuer.issuer !== onlyIssuer) return statementRejection('other_issuer');

    const places = isPaid ? undefined : issuer.max_registrations;
    const place = places === undefined ? undefined : await this.quota.freePlace(identity, places);
    if (places !== undefined && !place) return statementRejection('used_up');

    const stated = statedMembers(claims, customNames);
    return {
      body: withStatedMembers(body, stated),
      statement: { issuer: issuer.issuer, sha256: check.value.sha256, claims, stated, jws, held: null },
      claims: place ? [place] : [],
    };
  }

  private async inForce(held: ClientStatement, body: JsonObject, metadata: ClientMetadata): Promise<Stated> {
    const stated = valuesInForce(held.members, metadata);
    const { statement: clear } = await this.unsealed(held);
    const jws = typeof clear === 'string' ? clear : '';
    const claims = claimsOfVerified(jws);
    return {
      body: withStatedMembers(body, stated),
      statement: { issuer: held.issuer, sha256: held.sha256, claims, stated, jws, held },
      claims: [],
    };
  }
}

/** The statement that a request brings to a realm that understands statements; R-08 for what is empty. */
function presentedIn({ realm, body }: Presentation): JsonValue | undefined {
  if (realm.software_statements.issuers.length === 0) return undefined;
  const presented = body[SOFTWARE_STATEMENT];
  return presented === null || presented === '' ? undefined : presented;
}

function isSame(presented: JsonValue, held: ClientStatement | undefined): boolean {
  return held !== undefined && typeof presented === 'string' && sha256(presented) === held.sha256;
}

function without(body: JsonObject): StatedRequest {
  return { body, statement: null, claims: [] };
}
