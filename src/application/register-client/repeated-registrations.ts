import { randomUUID } from 'node:crypto';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Logger } from 'pino';
import { streams } from '../../contract/streams.js';
import { Clock, timestamp } from '../../platform/clock.js';
import { EventLog } from '../../platform/event-log/event-log.js';
import { uuidVersion7 } from '../../platform/event-log/uuid-version-7.js';
import { LOGGER } from '../../platform/telemetry/logger.js';
import { EventContexts } from '../admission/event-contexts.js';

const INTERVAL_MS = 60_000;

interface Repetitions {
  readonly realm: string;
  readonly client_id: string;
  count: number;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/**
 * Counts registrations that were folded into a client, and records them once a minute, one event per client: strangers who
 * register on every start must not grow the log. An instance that dies loses the count of its last minute, nothing else.
 */
@Injectable()
export class RepeatedRegistrations implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private counted = new Map<string, Repetitions>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly log: EventLog,
    private readonly contexts: EventContexts,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.record(), INTERVAL_MS);
    this.timer.unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.record();
  }

  /** @param now milliseconds since the epoch */
  count(realm: string, clientId: string, now: number): void {
    this.add({ realm, client_id: clientId, count: 1, since: now });
  }

  /** Appends what was counted since the last time. What cannot be appended is kept for the next. */
  async record(): Promise<void> {
    const counted = [...this.counted.values()];
    this.counted = new Map();
    await Promise.all(counted.map((repetitions) => this.append(repetitions)));
  }

  private add(repetitions: Repetitions): void {
    const stream = streams.client(repetitions.realm, repetitions.client_id);
    const known = this.counted.get(stream);
    if (known) known.count += repetitions.count;
    else this.counted.set(stream, repetitions);
  }

  private async append(repetitions: Repetitions): Promise<void> {
    const { realm, client_id, count, since } = repetitions;
    try {
      const eventId = uuidVersion7();
      const context = await this.contexts.build({
        realm,
        now: this.clock.now(),
        actor: { kind: 'system', id: null, method: null },
        origin: { ip: null, userAgent: null, correlationId: randomUUID(), traceparent: null },
      });
      const data = { client_id, count, since: timestamp(since) };
      await this.log.append({
        context,
        writes: [
          {
            stream: streams.registeredAgain(eventId),
            head: undefined,
            events: [{ type: 'client.registered_again', event_id: eventId, data }],
          },
        ],
      });
    } catch (error) {
      this.add(repetitions);
      this.logger.warn(
        { err: error, chore: 'counting repeated registrations' },
        'a chore failed and is tried again',
      );
    }
  }
}
