import type { Metrics } from '../../platform/telemetry/metrics.js';
import type { RelayLag } from './relay-status.js';
import type { ObservedPublish } from './relay.js';

/** Shows how far Kafka is behind the log. */
export function showLag(metrics: Metrics, { lagEvents, lagSeconds }: RelayLag): void {
  metrics.relayLagEvents.set(lagEvents);
  metrics.relayLagSeconds.set(lagSeconds);
}

/** Counts one request to Kafka. */
export function countPublish(metrics: Metrics, { records, seconds, error }: ObservedPublish): void {
  if (error !== undefined) {
    metrics.relayPublishFailures.inc();
    return;
  }
  metrics.relayPublishDuration.observe(seconds);
  metrics.relayPublished.inc(records.length);
}
