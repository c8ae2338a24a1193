import type { RateLimits } from '../../platform/config/configuration.js';
import { rateLimit, type RateLimit } from '../../platform/rate-limits/rate-limit.js';
import type { TokenBuckets } from '../../platform/rate-limits/token-buckets.js';
import type { Metrics } from '../../platform/telemetry/metrics.js';
import { networkOf } from './network.js';

/** Guessing is not what bursts are for. */
const BURST_MINUTES = 1;
/** Many clients behind one address may each be wrong now and then. */
const CLIENTS_OF_AN_ADDRESS = 10;
const LONGEST_SUBJECT = 256;

/**
 * Slows down who guesses credentials. Failures count for one client at one address, so that nobody locks a client
 * out from elsewhere, and for the address.
 */
export class FailedAuthentications {
  private readonly perClient: RateLimit | null;
  private readonly perAddress: RateLimit | null;

  constructor(
    { failures }: Pick<RateLimits, 'failures'>,
    private readonly buckets: TokenBuckets,
    private readonly metrics: Metrics,
  ) {
    this.perClient = rateLimit(failures, BURST_MINUTES);
    this.perAddress = rateLimit(failures === null ? null : failures * CLIENTS_OF_AN_ADDRESS, BURST_MINUTES);
  }

  /**
   * How long this caller has to wait before credentials are looked at again, in whole seconds; 0 = not at all.
   *
   * @param address null where there is none
   * @param subject whose credentials: a client_id as it was presented
   */
  retryAfter(address: string | null, subject: string): number {
    if (!this.perClient || !this.perAddress) return 0;
    const now = performance.now();
    const { client, network } = keys(address, subject);
    const wait = Math.max(
      this.buckets.wait(client, this.perClient, now),
      this.buckets.wait(network, this.perAddress, now),
    );
    if (wait > 0) this.metrics.throttled.inc({ limit: 'failed_authentication' });
    return Math.ceil(wait / 1000);
  }

  /** Counts a failure. */
  count(address: string | null, subject: string): void {
    if (!this.perClient || !this.perAddress) return;
    const now = performance.now();
    const { client, network } = keys(address, subject);
    this.buckets.take(client, this.perClient, now);
    this.buckets.take(network, this.perAddress, now);
  }
}

function keys(
  address: string | null,
  subject: string,
): { readonly client: string; readonly network: string } {
  const network = networkOf(address);
  return {
    client: `failures ${network} ${subject.slice(0, LONGEST_SUBJECT)}`,
    network: `failures ${network}`,
  };
}
