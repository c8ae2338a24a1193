import type pg from 'pg';
import type { Metrics } from '../telemetry/metrics.js';

/** Takes over what a pool knows of itself. */
export function samplePool(metrics: Metrics, name: 'hot_path' | 'typeorm', pool: pg.Pool): void {
  const { totalCount, idleCount, waitingCount } = pool;
  metrics.poolConnections.set({ pool: name, state: 'busy' }, totalCount - idleCount);
  metrics.poolConnections.set({ pool: name, state: 'idle' }, idleCount);
  metrics.poolWaiting.set({ pool: name }, waitingCount);
  metrics.poolLimit.set({ pool: name }, pool.options.max);
}
