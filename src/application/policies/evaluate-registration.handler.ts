import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { parseClientMetadata } from '../../domain/metadata/parse-client-metadata.js';
import type { MetadataRejection } from '../../domain/metadata/rejection/metadata-rejection.js';
import { Clock } from '../../platform/clock.js';
import { PolicyHost } from '../../platform/opa/policy-host.js';
import { policyInput } from '../admission/policy-input.js';
import { PriorStandings } from '../admission/prior-standings.js';
import { RealmRegistry } from '../realms/realm-registry.js';
import { serverCapabilities } from '../realms/server-capabilities.js';
import { EvaluateRegistration, type Evaluation } from './evaluate-registration.query.js';
import { PolicyBindings } from './policy-bindings.js';
import { profileFacts } from './profile-facts.js';

/** Takes the way of a registration up to the decision, and ends there. */
@QueryHandler(EvaluateRegistration)
export class EvaluateRegistrationHandler implements IQueryHandler<EvaluateRegistration> {
  constructor(
    private readonly realms: RealmRegistry,
    private readonly bindings: PolicyBindings,
    private readonly host: PolicyHost,
    private readonly clock: Clock,
    private readonly standings: PriorStandings,
  ) {}

  async execute(
    query: EvaluateRegistration,
  ): Promise<Evaluation | { readonly rejection: MetadataRejection }> {
    const { caller } = query;
    const realm = await this.realms.get(query.realm);
    const binding = await this.bindings.current(query.realm);
    const profile = profileFacts(binding.bundle, caller.constraints?.profile ?? realm.state.profile);
    const asked = parseClientMetadata(query.registration, {
      channel: 'dynamic',
      server: serverCapabilities(realm.state, caller.constraints, profile.dotlessSchemes),
      custom: profile.custom,
    });
    if (!asked.ok) return { rejection: asked.rejection };
    const { prior } = await this.standings.find(query.realm, asked.metadata);
    const input = policyInput({
      action: 'register',
      realm,
      now: this.clock.now(),
      caller,
      channel: 'dynamic',
      asked,
      previous: null,
      prior,
    });
    const { decision, duration_us } = await this.host.evaluate(binding.bundle.digest, input);
    return { decision, bundleDigest: binding.bundle.digest, durationMicroseconds: duration_us };
  }
}
