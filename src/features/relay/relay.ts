import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { Clock } from '../../platform/clock.js';
import type { CommittedEvent, EventReader } from '../../platform/event-log/event-reader.js';
import type { EventPublisher, KafkaRecord } from '../../platform/kafka/event-publisher.js';
import { toRecord } from '../../platform/kafka/event-record.js';
import { LagProbe } from './lag-probe.js';
import { nextRequest } from './next-request.js';
import { GrowingPause, Sleep } from './pauses.js';
import { ReadAhead } from './read-ahead.js';
import { RelayLease, type HeldLease } from './relay-lease.js';
import type { RelayLag, RelayState, RelayStatus } from './relay-status.js';
import { Trouble } from './trouble.js';

const PAGE_SIZE = 500;
const LEASE_MILLISECONDS = 10_000;
const FOLLOWER_PAUSE_MILLISECONDS = 200;
const LAG_INTERVAL_MILLISECONDS = 1_000;
/** A request to Kafka that takes longer than this is not waited for when the process ends. */
const STOP_PATIENCE_MILLISECONDS = 10_000;

export interface RelayOptions {
  readonly pool: Pool;
  readonly reader: EventReader;
  /** Null without a Kafka configuration: the relay stays idle and changes nothing. */
  readonly publisher: EventPublisher | null;
  /** Where the events come from, as consumers see it: the public URL. */
  readonly source: string;
  /** Names this instance in the lease. */
  readonly instanceId: string;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly clock?: Clock;
  /** How long a leader that fell silent keeps the others waiting. */
  readonly leaseMilliseconds?: number;
  /** Where the events go, if not to the topic of the topic table. */
  readonly topic?: string;
  /** Told once a second. */
  readonly onLag?: (lag: RelayLag) => void;
  /** Told of every request to Kafka, whether it was acknowledged or not. It must not throw. */
  readonly onPublish?: (request: ObservedPublish) => void;
}

/** One request to Kafka as metrics and traces see it. */
export interface ObservedPublish {
  readonly records: readonly KafkaRecord[];
  readonly seconds: number;
  /** Why Kafka did not acknowledge it. */
  readonly error?: unknown;
}

/**
 * Carries the log to Kafka: at least once, in the order of positions, by one instance at a time. It reads a page,
 * publishes it and moves the cursor; no transaction is open meanwhile. When something fails:
 *
 * - Kafka: the lease is given back, so that an instance that does reach Kafka can take it; this one tries again, ever
 *   more slowly, and competes for the lease only once it is connected.
 * - the database, or an event that cannot be read: tried again, ever more slowly; nothing is skipped.
 * - the process is paused: its lease runs out, another instance leads, and the cursor it tries to move is fenced off. At
 *   most the one request that it had sent is stored twice, which consumers notice by `ce_streamversion`.
 */
export class Relay {
  private readonly clock: Clock;
  private readonly lease: RelayLease;
  private readonly log: ReadAhead;
  private readonly probe: LagProbe;
  private readonly trouble: Trouble;
  private readonly sleep = new Sleep();
  private readonly idlePause = new GrowingPause(50, 200);
  private readonly failurePause = new GrowingPause(250, 5_000);
  private running: Promise<void> | undefined;
  private stopping = false;
  private lagTimer: NodeJS.Timeout | undefined;
  private state: RelayState = 'idle';
  private connected = false;
  private held: HeldLease | undefined;
  /** What Kafka acknowledged; ahead of `held.cursor` only until that is written. */
  private cursor = 0;

  constructor(private readonly options: RelayOptions) {
    const { pool, reader, instanceId, logger } = options;
    this.clock = options.clock ?? new Clock();
    this.lease = new RelayLease(pool, instanceId, options.leaseMilliseconds ?? LEASE_MILLISECONDS);
    this.log = new ReadAhead(reader, PAGE_SIZE);
    this.probe = new LagProbe(reader, this.clock);
    this.trouble = new Trouble(logger);
  }

  /** Begins to relay, in the background. Without a publisher it says so, and only measures what waits. */
  start(): void {
    const { publisher, logger } = this.options;
    if (publisher) this.running ??= this.run(publisher);
    else logger.info('no Kafka brokers are configured: events wait in the log');
    this.lagTimer ??= setInterval(() => void this.measureLag(), LAG_INTERVAL_MILLISECONDS).unref();
  }

  /** Says that something was appended, so that it is published at once instead of at the next poll. */
  wake(): void {
    this.sleep.wake();
  }

  /** Finishes the request in flight, gives the lease back and disconnects. A stopped relay cannot be started again. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.sleep.end();
    clearInterval(this.lagTimer);
    let timer: NodeJS.Timeout | undefined;
    const impatience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, STOP_PATIENCE_MILLISECONDS);
    });
    await Promise.race([this.running, impatience]);
    clearTimeout(timer);
  }

  status(): RelayStatus {
    const { state, cursor } = this;
    return { state, cursor, ...this.probe.lag(cursor), lastError: this.trouble.message };
  }

  private async run(publisher: EventPublisher): Promise<void> {
    while (!this.stopping) {
      try {
        await this.step(publisher);
      } catch (error) {
        this.trouble.withLog(error);
        await this.sleep.for(this.failurePause.next(), false);
      }
    }
    await this.giveLeaseBack();
    await publisher.close().catch(() => undefined);
    this.state = 'idle';
  }

  private async step(publisher: EventPublisher): Promise<void> {
    if (!this.connected) {
      if (!(await this.reached(() => publisher.connect()))) return;
      this.connected = true;
    }
    const held = this.held ?? (await this.takeLease());
    if (held) return this.relayPage(publisher, held);
    this.wentWell();
    await this.sleep.for(FOLLOWER_PAUSE_MILLISECONDS, false);
  }

  private async takeLease(): Promise<HeldLease | undefined> {
    const held = await this.lease.acquire();
    this.cursor = held?.cursor ?? (await this.lease.cursor());
    this.held = held;
    this.enter(held ? 'leading' : 'following');
    return held;
  }

  private async relayPage(publisher: EventPublisher, held: HeldLease): Promise<void> {
    const due = performance.now() >= held.renewAt || held.cursor !== this.cursor;
    const lease = due ? await this.writeCursor(held) : held;
    if (!lease) return;

    const page = await this.log.after(this.cursor);
    if (page.length === 0) {
      this.wentWell();
      await this.sleep.for(this.idlePause.next(), true);
      return;
    }
    this.idlePause.reset();
    if (await this.published(publisher, lease, nextRequest(this.cursor, page))) this.wentWell();
  }

  private async published(
    publisher: EventPublisher,
    lease: HeldLease,
    events: readonly CommittedEvent[],
  ): Promise<boolean> {
    const { source, topic } = this.options;
    const records = events.map((event) => toRecord(event, source, topic));
    // The last look at the clock before the request leaves: a process that was paused until here must not send it.
    if (performance.now() >= lease.validUntil) return false;
    if (!(await this.reached(() => this.publish(publisher, records)))) return false;
    this.cursor += events.length;
    return (await this.writeCursor(lease)) !== undefined;
  }

  private async publish(publisher: EventPublisher, records: readonly KafkaRecord[]): Promise<void> {
    const started = performance.now();
    const observed = (outcome: Pick<ObservedPublish, 'error'>): void =>
      this.options.onPublish?.({ records, seconds: (performance.now() - started) / 1000, ...outcome });
    try {
      await publisher.publish(records);
    } catch (error) {
      observed({ error });
      throw error;
    }
    observed({});
  }

  /** Writes the cursor and renews the lease; undefined when that is another's by now, and nothing was written. */
  private async writeCursor(held: HeldLease): Promise<HeldLease | undefined> {
    this.held = await this.lease.advance(held, this.cursor);
    if (!this.held) this.options.logger.warn('the relay lost its lease to another instance');
    return this.held;
  }

  private async reached(request: () => Promise<void>): Promise<boolean> {
    try {
      await request();
      return true;
    } catch (error) {
      this.connected = false;
      this.enter('waiting_for_kafka');
      this.trouble.withKafka(error);
      await this.giveLeaseBack();
      await this.sleep.for(this.failurePause.next(), false);
      return false;
    }
  }

  private async giveLeaseBack(): Promise<void> {
    const { held } = this;
    this.held = undefined;
    if (!held) return;
    try {
      await this.lease.release(held);
    } catch (error) {
      this.options.logger.warn({ err: error }, 'the relay could not give its lease back: it will expire');
    }
  }

  private wentWell(): void {
    this.failurePause.reset();
    this.trouble.over();
  }

  private enter(state: RelayState): void {
    if (this.state === state) return;
    this.state = state;
    if (state === 'leading')
      this.options.logger.info({ cursor: this.cursor }, 'the relay publishes to Kafka');
    if (state === 'following') this.options.logger.info('another instance publishes to Kafka');
  }

  /** The lag matters most while nothing works, so it is measured beside the loop and may fail. */
  private async measureLag(): Promise<void> {
    try {
      const cursor = this.held ? this.cursor : await this.lease.cursor();
      if (!this.held) this.cursor = cursor;
      await this.probe.measure(this.cursor);
      this.options.onLag?.(this.probe.lag(this.cursor));
    } catch {
      // The loop meets the same database and reports it.
    }
  }
}
