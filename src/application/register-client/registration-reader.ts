import { Injectable } from '@nestjs/common';
import { parseClientMetadata } from '../../domain/metadata/parse-client-metadata.js';
import type { ParsedMetadata } from '../../domain/metadata/parse-options.js';
import type { Rejection } from '../../domain/rejection.js';
import type { ProfileFacts } from '../../platform/opa/policy-host.js';
import { PolicyBindings, type PolicyBinding } from '../policies/policy-bindings.js';
import { profileFacts } from '../policies/profile-facts.js';
import { RegistrationLimits } from '../rate-limits/registration-limits.js';
import { RealmRegistry, type RealmEntry } from '../realms/realm-registry.js';
import { serverCapabilities } from '../realms/server-capabilities.js';
import { SoftwareStatements, type StatedRequest } from '../software-statements/software-statements.js';
import { refusedMetadata } from './refused-metadata.js';
import type { RegisterClient } from './register-client.command.js';
import { RegistrationCallers, type RegistrationCaller } from './registration-callers.js';
import { Replays } from './replays.js';

/** A registration that is well-formed, and whose every fact was verified. */
export interface UnderstoodRegistration {
  readonly realm: RealmEntry;
  readonly caller: RegistrationCaller;
  /** SHA-256 of the body, base64url. */
  readonly bodySha256: string;
  readonly binding: PolicyBinding;
  readonly profile: ProfileFacts;
  readonly stated: StatedRequest;
  readonly asked: ParsedMetadata;
}

/** Checks a request against the rate limits, and counts it once however often it is decided. */
export type RequestLimit = ReturnType<RegistrationLimits['forOneRequest']>;

/** Reads a registration as far as no policy is needed: who asks, whether there is room, and what the body says. */
@Injectable()
export class RegistrationReader {
  constructor(
    private readonly realms: RealmRegistry,
    private readonly callers: RegistrationCallers,
    private readonly bindings: PolicyBindings,
    private readonly statements: SoftwareStatements,
    private readonly replays: Replays,
    private readonly limits: RegistrationLimits,
  ) {}

  /** To be made once for a request, before its first attempt. */
  limitForOneRequest(): RequestLimit {
    return this.limits.forOneRequest();
  }

  /**
   * Faults are told in this order: authentication, rate limits, the shape of the body, the software statement, the
   * metadata.
   *
   * @param now milliseconds since the epoch
   */
  async read(
    command: RegisterClient,
    limit: RequestLimit,
    now: number,
  ): Promise<UnderstoodRegistration | { readonly rejection: Rejection }> {
    const { bearer, origin, body, door } = command;
    const realm = await this.realms.get(command.realm);
    const caller = await this.callers.identify(bearer, origin, realm, door);
    if ('rejection' in caller) {
      const replay = await this.replays.findByToken(command);
      return replay ? { rejection: replay } : caller;
    }
    const throttled = limit({ realm: command.realm, caller, origin, body });
    if (throttled) return { rejection: throttled };
    if (!body.ok) return { rejection: { kind: 'malformed_body', description: body.description } };
    if (command.idempotencyKey?.ok === false) {
      const { description } = command.idempotencyKey;
      return { rejection: { kind: 'idempotency_key_malformed', description } };
    }

    const { constraints } = caller.policy;
    const binding = await this.bindings.current(realm.state.name);
    const profile = profileFacts(binding.bundle, constraints?.profile ?? realm.state.profile);
    const stated = await this.statements.ofRegistration({
      realm: realm.state,
      body: body.value,
      customNames: profile.custom.names,
      now,
    });
    if ('rejection' in stated) return stated;
    const asked = parseClientMetadata(stated.body, {
      channel: 'dynamic',
      server: serverCapabilities(realm.state, constraints, profile.dotlessSchemes),
      custom: profile.custom,
    });
    if (!asked.ok) {
      const rejection = refusedMetadata(asked.rejection, stated.body, realm.state, caller.policy, profile);
      return { rejection };
    }
    return { realm, caller, bodySha256: body.sha256, binding, profile, stated, asked };
  }
}
