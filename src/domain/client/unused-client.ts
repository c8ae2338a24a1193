import type { Lifetimes } from '../../contract/realm.js';

const HOUR = 3_600;

/** Where a realm says nothing, in seconds: who registers means to sign in, and whoever waits for a person has a month. */
const DEFAULT_LIFETIMES = { active: 24 * HOUR, pending: 30 * 24 * HOUR } as const;

/** A client that nobody used stays for this long, by its status. */
export type UnusedStatus = keyof typeof DEFAULT_LIFETIMES;

/**
 * How long a dynamic client that was never used stays (T-17).
 *
 * @returns seconds; null = for ever
 */
export function unusedLifetime(
  { unused_client, pending_client }: Pick<Lifetimes, 'unused_client' | 'pending_client'>,
  status: UnusedStatus,
): number | null {
  const configured = status === 'active' ? unused_client : pending_client;
  return configured === undefined ? DEFAULT_LIFETIMES[status] : configured;
}
