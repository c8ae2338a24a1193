import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { canonicalJson } from '../../contract/canonical-json.js';
import type { RealmConfiguration } from '../../contract/realm.js';
import { streams } from '../../contract/streams.js';
import { completeRealm, type RealmState } from '../../domain/realm/realm-state.js';
import { Clock } from '../../platform/clock.js';
import { sealingKeys } from '../../platform/crypto/sealer.js';
import { EventLog } from '../../platform/event-log/event-log.js';
import { DecideAgain, lost, type Attempt } from '../admission/decide-again.js';
import { EventContexts } from '../admission/event-contexts.js';
import { Initiators } from '../admission/initiator.js';
import { ConfigureRealm } from './configure-realm.command.js';
import { RealmRegistry, type RealmEntry } from './realm-registry.js';

/** Appends `realm.configured` when there is something new to say. */
@CommandHandler(ConfigureRealm)
export class ConfigureRealmHandler implements ICommandHandler<ConfigureRealm> {
  constructor(
    private readonly log: EventLog,
    private readonly realms: RealmRegistry,
    private readonly initiators: Initiators,
    private readonly contexts: EventContexts,
    private readonly decideAgain: DecideAgain,
    private readonly clock: Clock,
  ) {}

  execute(command: ConfigureRealm): Promise<RealmEntry> {
    return this.decideAgain.untilCommitted(() => this.attempt(command));
  }

  private async attempt({
    name,
    configuration,
    initiator,
    origin,
  }: ConfigureRealm): Promise<Attempt<RealmEntry>> {
    this.realms.forget(name);
    const existing = await this.realms.find(name);
    if (existing && isSame(existing.state, configuration)) return { result: existing };

    const { actor, reason } = await this.initiators.seal(initiator, sealingKeys.realm(name));
    const result = await this.log.append({
      context: await this.contexts.build({ realm: name, now: this.clock.now(), actor, origin }),
      writes: [
        {
          stream: streams.realm(name),
          head: existing,
          events: [{ type: 'realm.configured', data: { name, configuration, reason } }],
        },
      ],
    });
    if (!result.committed) return lost(result);
    this.realms.forget(name);
    const head = result.heads[0]!;
    return { result: { ...head, state: head.state as RealmState } };
  }
}

function isSame(state: RealmState, configuration: RealmConfiguration): boolean {
  const { name: _, configured_at: __, ...current } = state;
  return canonicalJson(completeRealm(current)) === canonicalJson(completeRealm(configuration));
}
