import type { CommittedEvent } from '../../platform/event-log/event-reader.js';

/**
 * Kafka refuses a batch of more than 1 MiB per partition by default, and in the worst case a request's events all lie in
 * one partition.
 */
const MOST_BYTES_OF_A_REQUEST = 900 * 1024;
/** Headers and framing of a record, apart from the stream's name, which is both its key and its subject. */
const BYTES_AROUND_A_BODY = 512;

/** Positions have no gaps. If one is missing all the same, nothing that follows it is published. */
export class GapInLog extends Error {
  constructor(after: number, found: number) {
    super(`the event that follows position ${after} is missing: the log goes on at ${found}`);
    this.name = 'GapInLog';
  }
}

/**
 * The events that go into the next request to Kafka: as many as fit, at least one.
 *
 * @param cursor the last position that was published
 * @param page what the log has after it, in order
 * @throws GapInLog when the page does not continue the cursor
 */
export function nextRequest(
  cursor: number,
  page: readonly CommittedEvent[],
  mostBytes: number = MOST_BYTES_OF_A_REQUEST,
): readonly CommittedEvent[] {
  let bytes = 0;
  let count = 0;
  for (const event of page) {
    const expected = cursor + count + 1;
    if (event.position !== expected) throw new GapInLog(expected - 1, event.position);
    bytes += event.body.length + 2 * Buffer.byteLength(event.stream) + BYTES_AROUND_A_BODY;
    if (count > 0 && bytes > mostBytes) break;
    count += 1;
  }
  return page.slice(0, count);
}
