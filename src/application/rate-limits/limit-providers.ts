import type { Provider } from '@nestjs/common';
import type { Pool } from 'pg';
import { Clock } from '../../platform/clock.js';
import type { Configuration } from '../../platform/config/configuration.js';
import { CONFIGURATION } from '../../platform/config/configuration.token.js';
import { MasterKey } from '../../platform/crypto/master-key.js';
import { Sealer } from '../../platform/crypto/sealer.js';
import { POOL } from '../../platform/database/pool.js';
import { EventLog } from '../../platform/event-log/event-log.js';
import { LimitExchange } from '../../platform/rate-limits/limit-exchange.js';
import { TokenBuckets } from '../../platform/rate-limits/token-buckets.js';
import { Metrics } from '../../platform/telemetry/metrics.js';
import { EventContexts } from '../admission/event-contexts.js';
import { FailedAuthentications } from './failed-authentications.js';
import { RegistrationCapacity } from './registration-capacity.js';
import { RegistrationLimits } from './registration-limits.js';
import { ThrottledRegistrations } from './throttled-registrations.js';

/** Rate limits and capacity of this instance. */
export const limitProviders: readonly Provider[] = [
  { provide: TokenBuckets, useFactory: () => new TokenBuckets() },
  {
    provide: LimitExchange,
    inject: [POOL, MasterKey, TokenBuckets],
    useFactory: (pool: Pool, masterKey: MasterKey, buckets: TokenBuckets) =>
      new LimitExchange(pool, masterKey, buckets),
  },
  {
    provide: RegistrationCapacity,
    inject: [POOL, CONFIGURATION],
    useFactory: (pool: Pool, { registrationCapacity }: Configuration) =>
      new RegistrationCapacity(pool, registrationCapacity),
  },
  {
    provide: ThrottledRegistrations,
    inject: [EventLog, EventContexts, Sealer, Metrics, Clock],
    useFactory: (log: EventLog, contexts: EventContexts, sealer: Sealer, metrics: Metrics, clock: Clock) =>
      new ThrottledRegistrations(log, contexts, sealer, metrics, clock),
  },
  {
    provide: RegistrationLimits,
    inject: [CONFIGURATION, TokenBuckets, RegistrationCapacity, ThrottledRegistrations],
    useFactory: (
      { rateLimits }: Configuration,
      buckets: TokenBuckets,
      capacity: RegistrationCapacity,
      throttled: ThrottledRegistrations,
    ) => new RegistrationLimits(rateLimits, buckets, capacity, throttled),
  },
  {
    provide: FailedAuthentications,
    inject: [CONFIGURATION, TokenBuckets, Metrics],
    useFactory: ({ rateLimits }: Configuration, buckets: TokenBuckets, metrics: Metrics) =>
      new FailedAuthentications(rateLimits, buckets, metrics),
  },
];
