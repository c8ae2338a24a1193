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
import { ActivatePolicy } from './activate-policy.command.js';
import { PolicyBindings, type PolicyBinding } from './policy-bindings.js';
import { PolicyStore } from './policy-store.js';

/**
 * Loads the bundle before it activates it: one that does not load never becomes anybody's policy. Undefined = no bundle
 * with that digest is kept.
 */
@CommandHandler(ActivatePolicy)
export class ActivatePolicyHandler implements ICommandHandler<ActivatePolicy> {
  constructor(
    private readonly log: EventLog,
    private readonly store: PolicyStore,
    private readonly host: PolicyHost,
    private readonly bindings: PolicyBindings,
    private readonly initiators: Initiators,
    private readonly contexts: EventContexts,
    private readonly decideAgain: DecideAgain,
    private readonly clock: Clock,
  ) {}

  execute(command: ActivatePolicy): Promise<PolicyBinding | undefined> {
    return this.decideAgain.untilCommitted(() => this.attempt(command));
  }

  private async attempt(command: ActivatePolicy): Promise<Attempt<PolicyBinding | undefined>> {
    const { realm, digest, when, origin } = command;
    const active = await this.store.findActive(realm);
    if (active && (when === 'if_none' || active.state.active_digest === digest)) {
      return { result: await this.bindings.current(realm) };
    }
    const bytes = await this.store.find(digest);
    if (!bytes) return { result: undefined };
    const bundle = await this.host.load(bytes);
    const { actor, reason } = await this.initiators.seal(command.initiator, sealingKeys.realm(realm));
    const data = {
      bundle_digest: digest,
      revision: bundle.revision,
      previous_digest: active?.state.active_digest ?? null,
      reason,
    };
    const result = await this.log.append({
      context: await this.contexts.build({ realm, now: this.clock.now(), actor, origin }),
      writes: [
        {
          stream: streams.policy(realm),
          head: active && { version: active.version, hash: active.hash, state: active.state },
          events: [{ type: 'policy.activated', data }],
        },
      ],
    });
    if (!result.committed) return lost(result);
    this.bindings.forget(realm);
    const head = result.heads[0]!;
    return { result: { ...head, state: head.state as PolicyBindingState, bundle } };
  }
}
