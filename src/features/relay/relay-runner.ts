import { setTimeout as delay } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Configuration } from '../../platform/config/configuration.js';
import { CONFIGURATION } from '../../platform/config/configuration.token.js';
import { EventLog } from '../../platform/event-log/event-log.js';
import { Metrics } from '../../platform/telemetry/metrics.js';
import { ReadinessRegistry, type Readiness } from '../../platform/telemetry/readiness.js';
import type { RelayState } from './relay-status.js';
import { Relay } from './relay.js';

/** Less than a readiness check may take. */
const CONNECTING_MS = 1_500;
const POLL_MS = 25;

const readiness: Readonly<Record<RelayState, Readiness>> = {
  idle: { ready: true },
  leading: { ready: true, detail: 'connected to Kafka, publishing' },
  following: { ready: true, detail: 'connected to Kafka, another instance publishes' },
  waiting_for_kafka: { ready: false, reason: 'Kafka cannot be reached, events wait in the log' },
};

/** Ties the relay to the life of the application: it stops while the database is still there. */
@Injectable()
export class RelayRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    @Inject(Relay) private readonly relay: Relay,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(EventLog) private readonly eventLog: EventLog,
    @Inject(ReadinessRegistry) private readonly registry: ReadinessRegistry,
    @Inject(Metrics) private readonly metrics: Metrics,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.configuration.roles.has('relay')) return;
    this.eventLog.onCommitted(() => this.relay.wake());
    this.registry.register({
      name: 'relay',
      required: false,
      check: async () => readiness[await this.settledState()],
    });
    this.metrics.relayConfigured.set(Number(this.configuration.kafka !== null));
    this.metrics.sample(() => {
      this.metrics.relayLeader.set(Number(this.relay.status().state === 'leading'));
    });
    this.relay.start();
  }

  /** Right after the start the relay is still connecting, and who asks wants to know how that ends. */
  private async settledState(): Promise<RelayState> {
    const patience = performance.now() + (this.configuration.kafka ? CONNECTING_MS : 0);
    while (this.relay.status().state === 'idle' && performance.now() < patience) await delay(POLL_MS);
    return this.relay.status().state;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.relay.stop();
  }
}
