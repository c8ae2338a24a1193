import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { millisecondsOf } from '../../contract/timestamp.js';
import { streams } from '../../contract/streams.js';
import type { UsageState } from '../../domain/client/project-usage.js';
import type { Clock } from '../../platform/clock.js';
import type { StreamHead } from '../../platform/event-log/append-call.js';
import type { EventLog } from '../../platform/event-log/event-log.js';
import { RecentMap } from '../../platform/recent-map.js';
import type { EventContexts } from '../admission/event-contexts.js';

const HOUR_MS = 3_600_000;
const MOST_REMEMBERED = 50_000;

/** Where usage comes from. */
interface ClientUsageParts {
  readonly pool: Pool;
  readonly log: EventLog;
  readonly contexts: EventContexts;
  readonly clock: Clock;
  /** Told when a use could not be recorded; the next one tries again. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Records that clients are used: the first use before its answer goes out, so that the client cannot expire as unused
 * meanwhile, and later ones beside it, at most once an hour.
 */
export class ClientUsage {
  /** By stream, when this instance last saw the use recorded: milliseconds since the epoch. */
  private readonly recorded = new RecentMap<number>(MOST_REMEMBERED);
  /** Uses that are being recorded, so that many at once are one. */
  private readonly recording = new Map<string, Promise<void>>();

  constructor(private readonly parts: ClientUsageParts) {}

  /**
   * An authorization code or a token was issued to the client. Never rejects: a use that cannot be recorded takes nothing
   * from its caller.
   *
   * @returns when the first use is recorded; at once for a client that is known to be used
   */
  async used(realm: string, clientId: string): Promise<void> {
    const stream = streams.usage(realm, clientId);
    const known = this.recorded.get(stream);
    if (known !== undefined && this.parts.clock.now() - known < HOUR_MS) return;
    const recording = this.recording.get(stream) ?? this.begin(stream, realm, clientId);
    if (known === undefined) await recording;
  }

  /** Ends when nothing is being recorded any more. */
  async settle(): Promise<void> {
    await Promise.all(this.recording.values());
  }

  private begin(stream: string, realm: string, clientId: string): Promise<void> {
    const recording = this.record(stream, realm, clientId)
      .catch((error: unknown) => this.parts.onFailure(error))
      .finally(() => this.recording.delete(stream));
    this.recording.set(stream, recording);
    return recording;
  }

  private async record(stream: string, realm: string, clientId: string): Promise<void> {
    const { clock, contexts, log } = this.parts;
    const head = await this.head(stream);
    const now = clock.now();
    const last = head && millisecondsOf(head.state.last_used_at);
    if (last !== undefined && now - last < HOUR_MS) return this.recorded.set(stream, last);
    const context = await contexts.build({
      realm,
      now,
      actor: { kind: 'client', id: clientId, method: null },
      origin: { ip: null, userAgent: null, correlationId: randomUUID(), traceparent: null },
    });
    // Where another instance was faster, the use is recorded as well.
    await log.append({
      context,
      writes: [{ stream, head, events: [{ type: 'client.used', data: { client_id: clientId } }] }],
    });
    this.recorded.set(stream, now);
  }

  private async head(stream: string): Promise<StreamHead<UsageState> | undefined> {
    const { rows } = await this.parts.pool.query<{ version: number; hash: string; record: UsageState }>({
      name: 'client_usage_head',
      text: 'select version, hash, record from client_usage where stream = $1',
      values: [stream],
    });
    const [row] = rows;
    return row && { version: row.version, hash: row.hash, state: row.record };
  }
}
