import { toRecord } from '../../platform/kafka/event-record.js';
import type { CommittedEvent } from '../../platform/event-log/event-reader.js';

const PREFIX = 'ce_';

/** A line of an export, without its line break. */
export type EventFormat = (event: CommittedEvent) => string;

/** The stored bytes, unchanged. */
export const jsonLines: EventFormat = (event) => event.body.toString('utf8');

/**
 * CloudEvents 1.0 in structured mode, with the attributes that the Kafka records have as headers. `data` is the stored
 * bytes, unchanged.
 *
 * @param source the service's public URL
 */
export function cloudEvents(source: string): EventFormat {
  return (event) => {
    const { headers } = toRecord(event, source);
    const attributes = Object.entries(headers).map(([name, value]) =>
      name.startsWith(PREFIX) ? [name.slice(PREFIX.length), value] : ['datacontenttype', value],
    );
    const opened = JSON.stringify(Object.fromEntries(attributes)).slice(0, -1);
    return `${opened},"data":${event.body.toString('utf8')}}`;
  };
}
