import { createHash } from 'node:crypto';
import type pg from 'pg';
import { chainFault } from '../../platform/event-log/chain-fault.js';
import { chainedEvents } from '../../platform/event-log/chained-events.js';
import type { EventFormat } from './event-formats.js';

/** What an export has done. */
export interface ExportSummary {
  readonly events: number;
  /** The last position that was written; the next export begins after it. */
  readonly position: number;
  /** Of everything that was written, line breaks included, hex: for a file written from its start, `sha256sum FILE`. */
  readonly sha256: string;
  readonly faults: number;
}

export interface ExportRequest {
  readonly after: number;
  readonly until: number;
  readonly format: EventFormat;
  /** Takes whole lines and settles when it has room for more; undefined only proves the chains. */
  readonly write: ((text: string) => Promise<void>) | undefined;
  /** Told of every event that is not what it was. */
  readonly onFault: (position: number, stream: string, fault: string) => void;
  readonly onProgress: (position: number) => void;
  /** Ends the export behind a whole page. */
  readonly signal: AbortSignal;
}

/** Exports a stretch of the log and proves its chains on the way. Memory does not grow with the log. */
export async function exportEvents(client: pg.ClientBase, request: ExportRequest): Promise<ExportSummary> {
  const { after, until, format, write, onFault, onProgress, signal } = request;
  const hash = createHash('sha256');
  let events = 0;
  let faults = 0;
  let position = after;
  for await (const page of chainedEvents(client, after, until)) {
    for (const event of page) {
      const fault = chainFault(event, position + 1);
      if (fault !== undefined) {
        faults += 1;
        onFault(event.position, event.stream, fault);
      }
      position = event.position;
    }
    const text = page.map((event) => `${format(event)}\n`).join('');
    hash.update(text);
    await write?.(text);
    events += page.length;
    onProgress(position);
    if (signal.aborted) break;
  }
  return { events, position, sha256: hash.digest('hex'), faults };
}
