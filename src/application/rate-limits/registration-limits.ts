import type { ThrottlingLimit, Rejection } from '../../domain/rejection.js';
import type { RateLimits } from '../../platform/config/configuration.js';
import { rateLimit, type RateLimit } from '../../platform/rate-limits/rate-limit.js';
import type { TokenBuckets } from '../../platform/rate-limits/token-buckets.js';
import type { ReceivedBody } from '../admission/received-body.js';
import type { RequestOrigin } from '../admission/request-origin.js';
import type { RegistrationCaller } from '../register-client/registration-callers.js';
import { networkOf } from './network.js';
import type { RegistrationCapacity } from './registration-capacity.js';
import { sharedSubjects } from './shared-subjects.js';
import type { ThrottledRegistrations } from './throttled-registrations.js';

/** So many minutes' worth may come at once: hosted clients register in bursts. */
const BURST_MINUTES = 10;
/** What an address keeps of a subject that all addresses together have used up. */
const FAIR_SHARE = 0.1;

/** A bucket that a request has to find room in. */
interface Demand {
  readonly limit: ThrottlingLimit;
  /** What the limit counts by. */
  readonly subject: string;
  readonly key: string;
  readonly rate: RateLimit;
}

/** Everything about a request that limits count by. */
export interface LimitedRequest {
  readonly realm: string;
  readonly caller: RegistrationCaller;
  readonly origin: RequestOrigin;
  readonly body: ReceivedBody;
}

/**
 * The limits on registrations. A stranger can put any host and any body into a request, so what many callers share
 * never locks anybody out by itself; the reasons are in ADR 0015.
 */
export class RegistrationLimits {
  private readonly address: RateLimit | null;
  private readonly sameRequest: RateLimit | null;
  private readonly shared: RateLimit | null;
  private readonly fairShare: RateLimit | null;
  private readonly token: RateLimit | null;
  private readonly limitsStrangers: boolean;

  constructor(
    limits: RateLimits,
    private readonly buckets: TokenBuckets,
    private readonly capacity: RegistrationCapacity,
    private readonly throttled: ThrottledRegistrations,
  ) {
    const { address, sameRequest, shared, token } = limits;
    this.address = rateLimit(address, BURST_MINUTES);
    this.sameRequest = rateLimit(sameRequest, BURST_MINUTES);
    this.shared = rateLimit(shared, BURST_MINUTES);
    this.fairShare = rateLimit(sameRequest === null ? null : sameRequest * FAIR_SHARE, BURST_MINUTES);
    this.token = rateLimit(token, BURST_MINUTES);
    this.limitsStrangers = address !== null || sameRequest !== null || shared !== null;
  }

  /**
   * A check of one request that counts it once, however often the request is decided.
   *
   * @returns a function that takes the request once its caller is known; it answers why the request is turned away, or
   *   undefined, and the same whenever it is asked again
   */
  forOneRequest(): (request: LimitedRequest) => Rejection | undefined {
    let answer: { readonly rejection: Rejection | undefined } | undefined;
    return (request) => (answer ??= { rejection: this.check(request) }).rejection;
  }

  private check(request: LimitedRequest): Rejection | undefined {
    const now = performance.now();
    return request.caller.token
      ? this.checkToken(request, request.caller.token.state.token_id, now)
      : this.checkStranger(request, now);
  }

  /** Nobody but its holder uses a token up, and no stranger's flood touches it. */
  private checkToken(request: LimitedRequest, id: string, now: number): Rejection | undefined {
    if (!this.token) return undefined;
    const demand = {
      limit: 'initial_access_token',
      subject: id,
      key: `token ${id}`,
      rate: this.token,
    } as const;
    return (
      this.reject(request, demand, this.buckets.wait(demand.key, demand.rate, now)) ??
      this.take([demand], now)
    );
  }

  private checkStranger(request: LimitedRequest, now: number): Rejection | undefined {
    const demands = this.limitsStrangers ? this.demandsOf(request) : [];
    for (const demand of demands) {
      const own = this.buckets.wait(demand.key, demand.rate, now);
      if (own > 0) return this.reject(request, demand, own);
    }
    const shared = this.limitsStrangers ? this.sharedDemands(request, now) : [];
    if ('wait' in shared) return this.reject(request, shared.demand, shared.wait);
    const full = this.capacity.retryAfter(request.realm);
    if (full > 0) return this.reject(request, { limit: 'capacity', subject: '' }, full * 1000);
    return this.take([...demands, ...shared], now);
  }

  /** What only this address uses up; the narrowest first, so that a repeated request stops before the address does. */
  private demandsOf({ origin, body }: LimitedRequest): readonly Demand[] {
    const network = networkOf(origin.ip);
    const demands: Demand[] = [];
    if (this.sameRequest && body.ok) {
      const key = `same ${network} ${body.sha256}`;
      demands.push({ limit: 'same_request', subject: network, key, rate: this.sameRequest });
    }
    if (this.address) {
      demands.push({ limit: 'address', subject: network, key: `address ${network}`, rate: this.address });
    }
    return demands;
  }

  /** What callers share; where all together have used it up, this address has its own small share of it. */
  private sharedDemands(
    { origin, body }: LimitedRequest,
    now: number,
  ): readonly Demand[] | { readonly demand: Demand; readonly wait: number } {
    const { shared, fairShare } = this;
    if (!shared || !body.ok) return [];
    const demands: Demand[] = [];
    for (const [limit, subject] of sharedSubjects(body)) {
      const demand = { limit, subject, key: `${limit} ${subject}`, rate: shared };
      const wait = this.buckets.wait(demand.key, shared, now);
      if (wait === 0) {
        demands.push(demand);
        continue;
      }
      if (!fairShare) return { demand, wait };
      const own = { ...demand, key: `share ${networkOf(origin.ip)} ${demand.key}`, rate: fairShare };
      const ownWait = this.buckets.wait(own.key, fairShare, now);
      if (ownWait > 0) return { demand: own, wait: Math.min(wait, ownWait) };
      demands.push(own);
    }
    return demands;
  }

  private take(demands: readonly Demand[], now: number): undefined {
    for (const { key, rate } of demands) this.buckets.take(key, rate, now);
  }

  private reject(
    { realm }: LimitedRequest,
    { limit, subject }: Pick<Demand, 'limit' | 'subject'>,
    waitMs: number,
  ): Rejection | undefined {
    if (waitMs <= 0) return undefined;
    this.throttled.count({ realm, limit, subject });
    return { kind: 'throttled', limit, retryAfterSeconds: Math.ceil(waitMs / 1000) };
  }
}
