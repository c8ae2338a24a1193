import type { ClientState, Hold } from './client-state.js';

/** What stands against whoever registers the same client again. */
export interface PriorStanding {
  readonly outcome: 'held' | 'denied';
  /** RFC 3339. */
  readonly since: string;
  /** RFC 3339: the event that ended the client, from which the standing lapses; null while the hold may be lifted. */
  readonly lapsesFrom: string | null;
}

/** A metadata document that could not be fetched says nothing about the client. */
const HOLDS_BY_PEOPLE: ReadonlySet<Hold['kind']> = new Set(['operator', 'block', 'stop']);

/**
 * What an operator's hold or denial says about registrations to come (DESIGN section 5). A hold counts until it is lifted; once
 * the client is gone, nobody can lift it any more, and it lapses like a denial.
 */
export function priorStanding({
  status,
  holds,
  updated_at,
  denial_lifted_at,
}: ClientState): PriorStanding | null {
  const held = holds.find(({ kind }) => HOLDS_BY_PEOPLE.has(kind));
  if (held) {
    const gone = status === 'denied' || status === 'expired' || status === 'deleted';
    return { outcome: 'held', since: held.placed_at, lapsesFrom: gone ? updated_at : null };
  }
  if (status !== 'denied' || denial_lifted_at !== undefined) return null;
  return { outcome: 'denied', since: updated_at, lapsesFrom: updated_at };
}
