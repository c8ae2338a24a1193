import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { streams } from '../../contract/streams.js';
import type { PolicyBindingState } from '../../domain/policy/policy-binding.js';
import { Clock } from '../../platform/clock.js';
import { sealingKeys } from '../../platform/crypto/sealer.js';
import { EventLog } from '../../platform/event-log/event-log.js';
import { PolicyHost } from '../../platform/opa/policy-host.js';
import { DecideAgain, lost, type Attempt } from '../admission/decide-again.js';
import { EventContexts } from '../admission/event-contexts.js';
import { Initiators } from '../admission/initiator.js';
import { ActivatePolicy, type ActivationRefusal } from './activate-policy.command.js';
import { PolicyBindings, type PolicyBinding } from './policy-bindings.js';
import { RealmRegistry } from '../realms/realm-registry.js';
import { PolicyStore } from './policy-store.js';

type Result = { readonly binding: PolicyBinding } | { readonly refusal: ActivationRefusal };

/**
 * Loads the bundle before it activates it: one that does not load, or lacks the realm's profile, never becomes anybody's
 * policy.
 */
@CommandHandler(ActivatePolicy)
export class ActivatePolicyHandler implements ICommandHandler<ActivatePolicy> {
  constructor(
    private readonly log: EventLog,
    private readonly store: PolicyStore,
    private readonly host: PolicyHost,
    private readonly bindings: PolicyBindings,
    private readonly realms: RealmRegistry,
    private readonly initiators: Initiators,
    private readonly contexts: EventContexts,
    private readonly decideAgain: DecideAgain,
    private readonly clock: Clock,
  ) {}

  execute(command: ActivatePolicy): Promise<Result> {
    return this.decideAgain.untilCommitted(() => this.attempt(command));
  }

  private async attempt(command: ActivatePolicy): Promise<Attempt<Result>> {
    const { realm, digest, when, origin } = command;
    const active = await this.store.findActive(realm);
    if (active && (when === 'if_none' || active.state.active_digest === digest)) {
      return { result: { binding: await this.bindings.current(realm) } };
    }
    const bytes = await this.store.find(digest);
    if (!bytes) return { result: { refusal: { reason: 'policy_not_found' } } };
    const bundle = await this.host.load(bytes);
    const entry = await this.realms.get(realm);
    const { profile } = entry.state;
    if (!bundle.profiles.has(profile)) return { result: { refusal: { reason: 'profile_missing', profile } } };

    const { actor, reason } = await this.initiators.seal(command.initiator, sealingKeys.realm(realm));
    const data = {
      bundle_digest: digest,
      revision: bundle.revision,
      previous_digest: active?.state.active_digest ?? null,
      reason,
    };
    const result = await this.log.append({
      context: await this.contexts.build({ realm, now: this.clock.now(), actor, origin }),
      requires: [{ stream: streams.realm(realm), version: entry.version }],
      writes: [
        {
          stream: streams.policy(realm),
          head: active,
          events: [{ type: 'policy.activated', data }],
        },
      ],
    });
    if (!result.committed) return lost(result);
    this.bindings.forget(realm);
    const head = result.heads[0]!;
    return { result: { binding: { ...head, state: head.state as PolicyBindingState, bundle } } };
  }
}
