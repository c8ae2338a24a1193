import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { metricsTable, type MetricRow } from './metrics-table.js';

type Instrument<Row extends MetricRow> = {
  counter: Counter<Row['labels'][number]>;
  gauge: Gauge<Row['labels'][number]>;
  histogram: Histogram<Row['labels'][number]>;
}[Row['kind']];

/**
 * The service's metrics, each a prom-client object: `metrics.decisions.inc({ outcome, rule })`.
 * They live in a registry of their own, so that two applications in one process do not meet.
 */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  readonly requests = this.instrument(metricsTable.requests);
  readonly requestDuration = this.instrument(metricsTable.requestDuration);
  readonly decisions = this.instrument(metricsTable.decisions);
  readonly undecided = this.instrument(metricsTable.undecided);
  readonly evaluationDuration = this.instrument(metricsTable.evaluationDuration);
  readonly evaluationsWaiting = this.instrument(metricsTable.evaluationsWaiting);
  readonly policyThreadReplacements = this.instrument(metricsTable.policyThreadReplacements);
  readonly bundleTripped = this.instrument(metricsTable.bundleTripped);
  readonly throttled = this.instrument(metricsTable.throttled);
  readonly appendDuration = this.instrument(metricsTable.appendDuration);
  readonly appendBatch = this.instrument(metricsTable.appendBatch);
  readonly appendConflicts = this.instrument(metricsTable.appendConflicts);
  readonly appendFailures = this.instrument(metricsTable.appendFailures);
  readonly eventsAppended = this.instrument(metricsTable.eventsAppended);
  readonly relayConfigured = this.instrument(metricsTable.relayConfigured);
  readonly relayLeader = this.instrument(metricsTable.relayLeader);
  readonly relayLagEvents = this.instrument(metricsTable.relayLagEvents);
  readonly relayLagSeconds = this.instrument(metricsTable.relayLagSeconds);
  readonly relayPublished = this.instrument(metricsTable.relayPublished);
  readonly relayPublishFailures = this.instrument(metricsTable.relayPublishFailures);
  readonly relayPublishDuration = this.instrument(metricsTable.relayPublishDuration);
  readonly signIns = this.instrument(metricsTable.signIns);
  readonly consents = this.instrument(metricsTable.consents);
  readonly tokenRequests = this.instrument(metricsTable.tokenRequests);
  readonly poolConnections = this.instrument(metricsTable.poolConnections);
  readonly poolLimit = this.instrument(metricsTable.poolLimit);
  readonly poolWaiting = this.instrument(metricsTable.poolWaiting);
  readonly eventLoopActive = this.instrument(metricsTable.eventLoopActive);
  readonly ready = this.instrument(metricsTable.ready);
  readonly checkReady = this.instrument(metricsTable.checkReady);
  readonly buildInfo = this.instrument(metricsTable.buildInfo);
  private readonly samplers: (() => void | Promise<void>)[] = [];

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    this.sample(() => {
      const { active } = performance.eventLoopUtilization();
      countUpTo(this.eventLoopActive, active / 1000);
    });
  }

  /**
   * Registers a function that sets gauges right before every scrape. One that throws leaves its own as they were, and the
   * others alone.
   */
  sample(sampler: () => void | Promise<void>): void {
    this.samplers.push(sampler);
  }

  /** Everything, in the Prometheus text exposition format. */
  async exposition(): Promise<string> {
    await Promise.allSettled(this.samplers.map(async (sampler) => sampler()));
    return this.registry.metrics();
  }

  private instrument<const Row extends MetricRow>(row: Row): Instrument<Row> {
    return this.make(row) as Instrument<Row>;
  }

  private make({ kind, name, help, labels, buckets = [], begin = [] }: MetricRow) {
    const options = { name, help, labelNames: [...labels], registers: [this.registry] };
    if (kind === 'histogram') return new Histogram({ ...options, buckets: [...buckets] });
    if (kind === 'gauge') return new Gauge(options);
    const counter = new Counter(options);
    for (const series of begin) counter.inc({ ...series }, 0);
    return counter;
  }
}

/** Sets a counter to what somebody else has counted. */
export function countUpTo(counter: Counter, total: number): void {
  counter.reset();
  counter.inc(total);
}
