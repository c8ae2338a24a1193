import type { Envelope } from '../../contract/envelope.js';
import type { JsonObject } from '../../contract/json.js';
import type { Paint } from '../framework/output.js';

const TYPE_WIDTH = 30;
const POSITION_WIDTH = 7;
/** Control characters: what is in events must not steer a terminal. */
// oxlint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u001F\u007F-\u009F]/g;

/** An event on one line for a person: time, position, type, what it is about, who did it, what came of it. */
export function eventLine(
  position: number,
  recordedAt: Date,
  envelope: Envelope<string, JsonObject>,
  paint: Paint,
): string {
  const { type, stream, data, actor, policy } = envelope;
  const about = typeof data['client_id'] === 'string' ? data['client_id'] : stream;
  const outcome = policy?.outcome ?? (typeof data['status'] === 'string' ? data['status'] : '');
  const who = typeof actor.id === 'string' ? `${actor.kind} ${actor.id}` : actor.kind;
  return [
    paint.dim(recordedAt.toISOString().slice(0, 23).replace('T', ' ')),
    String(position).padStart(POSITION_WIDTH),
    paint.bold(printable(type).padEnd(TYPE_WIDTH)),
    printable(about),
    paint.dim(printable(who)),
    printable(outcome),
  ]
    .join('  ')
    .trimEnd();
}

function printable(text: string): string {
  return text.replace(UNPRINTABLE, '\uFFFD');
}
