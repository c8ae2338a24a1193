import { randomUUID } from 'node:crypto';
import type { RegistrationThrottled } from '../../contract/events/registration-throttled.event.js';
import { streams } from '../../contract/streams.js';
import type { ThrottlingLimit } from '../../domain/rejection.js';
import { timestamp, type Clock } from '../../platform/clock.js';
import { sealingKeys, type Sealer } from '../../platform/crypto/sealer.js';
import type { EventLog } from '../../platform/event-log/event-log.js';
import { uuidVersion7 } from '../../platform/event-log/uuid-version-7.js';
import type { Metrics } from '../../platform/telemetry/metrics.js';
import type { EventContexts } from '../admission/event-contexts.js';

/** Separate counts in a minute; what comes after them is one more. */
const MOST_ROWS = 100;

/** Limits that count by an address, which is personal. */
const byAddress: ReadonlySet<string> = new Set<ThrottlingLimit>(['address', 'same_request']);

/** Something that was turned away. */
export interface Throttled {
  readonly realm: string;
  readonly limit: ThrottlingLimit;
  /** What the limit counts by. */
  readonly subject: string;
}

interface Row {
  readonly realm: string;
  readonly limit: RegistrationThrottled['limit'];
  readonly subject: string | null;
  requests: number;
  readonly first: number;
  last: number;
}

/**
 * Counts registrations that were over a limit and tells the log in one event per limit, subject and minute, so that a flood
 * leaves a trace and no flood of events. Decisions are never counted here: whatever reached the policy has its own event.
 */
export class ThrottledRegistrations {
  private rows = new Map<string, Row>();

  constructor(
    private readonly log: EventLog,
    private readonly contexts: EventContexts,
    private readonly sealer: Sealer,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
  ) {}

  count({ realm, limit, subject }: Throttled): void {
    this.metrics.throttled.inc({ limit });
    const now = this.clock.now();
    const key = `${realm} ${limit} ${subject}`;
    const row = this.rows.get(key) ?? this.rowFor(key, realm, limit, subject, now);
    row.requests += 1;
    row.last = now;
  }

  /**
   * Appends what was counted since the last time.
   *
   * @throws what the log throws; what could not be told is kept for the next time
   */
  async flush(): Promise<void> {
    const rows = this.rows;
    if (rows.size === 0) return;
    this.rows = new Map();
    const told = await Promise.allSettled([...rows.values()].map((row) => this.append(row)));
    const failed = told.find((result) => result.status === 'rejected');
    if (!failed) return;
    for (const [index, [key, row]] of [...rows].entries()) {
      if (told[index]?.status === 'rejected') this.keep(key, row);
    }
    throw failed.reason;
  }

  private rowFor(key: string, realm: string, limit: Row['limit'], subject: string, now: number): Row {
    if (this.rows.size < MOST_ROWS) {
      const row = { realm, limit, subject, requests: 0, first: now, last: now };
      this.rows.set(key, row);
      return row;
    }
    const others = `${realm} others`;
    const row = this.rows.get(others) ?? {
      realm,
      limit: 'others',
      subject: null,
      requests: 0,
      first: now,
      last: now,
    };
    this.rows.set(others, row);
    return row;
  }

  /** What the log did not take stays; beside a newer count of the same it is added to that. */
  private keep(key: string, row: Row): void {
    const newer = this.rows.get(key);
    this.rows.set(key, newer ? { ...newer, requests: newer.requests + row.requests, first: row.first } : row);
  }

  private async append({ realm, limit, subject, requests, first, last }: Row): Promise<void> {
    const now = this.clock.now();
    const eventId = uuidVersion7(now);
    const context = await this.contexts.build({
      realm,
      now,
      actor: { kind: 'system', id: null, method: null },
      origin: { ip: null, userAgent: null, correlationId: randomUUID(), traceparent: null },
    });
    await this.log.append({
      context,
      writes: [
        {
          stream: streams.throttled(eventId),
          head: undefined,
          events: [
            {
              type: 'registration.throttled',
              event_id: eventId,
              data: {
                limit,
                key: await this.keyOf(realm, limit, subject, now),
                requests,
                first_at: timestamp(first),
                last_at: timestamp(last),
              },
            },
          ],
        },
      ],
    });
  }

  /** An address is sealed as the source of any other event is. */
  private async keyOf(
    realm: string,
    limit: Row['limit'],
    subject: string | null,
    now: number,
  ): Promise<RegistrationThrottled['key']> {
    if (!subject) return null;
    return byAddress.has(limit) ? this.sealer.seal(sealingKeys.day(realm, timestamp(now)), subject) : subject;
  }
}
