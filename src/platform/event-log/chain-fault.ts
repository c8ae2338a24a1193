import type { Envelope } from '../../contract/envelope.js';
import type { ChainedEvent } from './chained-events.js';

/** Members of the envelope that the table repeats as columns. */
const COLUMNS = ['event_id', 'stream', 'version', 'type', 'realm'] as const;

/**
 * What is wrong with an event as it lies in the log: a position that is missing before it, columns that differ from its
 * bytes, or a link to its predecessor that does not fit.
 *
 * @param expected the position that comes next
 * @returns a sentence without its subject; undefined when nothing is wrong
 */
export function chainFault(event: ChainedEvent, expected: number): string | undefined {
  if (event.position !== expected) return `follows position ${expected - 1}: events between are missing`;
  let envelope: Partial<Envelope>;
  try {
    envelope = JSON.parse(event.body.toString('utf8')) as Partial<Envelope>;
  } catch {
    return 'has bytes that are no JSON';
  }
  const differing = COLUMNS.filter((name) => envelope[name] !== event[name]);
  if (differing.length > 0) return `has another ${differing.join(', ')} in its columns than in its bytes`;
  if (event.version > 1 && event.previousHash === null) return 'has no predecessor in its stream';
  if (envelope.prev_event_hash !== event.previousHash) {
    return `does not continue its stream: version ${event.version - 1} is not what it was when this was recorded`;
  }
  return undefined;
}
