import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Every metric of ours. Labels have few values: never a client, an address or a URL. */
const table = {
  requests: {
    name: 'clientele_http_requests_total',
    help: 'HTTP requests by route pattern and status class',
    labels: ['method', 'route', 'outcome'],
  },
  requestDuration: {
    name: 'clientele_http_request_duration_seconds',
    help: 'Time to answer a request',
    labels: ['route'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  },
  decisions: {
    name: 'clientele_policy_decisions_total',
    help: 'Policy decisions by outcome and the first rule that led to it',
    labels: ['outcome', 'rule'],
  },
  evaluationDuration: {
    name: 'clientele_policy_evaluation_duration_seconds',
    help: 'Time from asking the policy to its answer, waiting included',
    labels: [],
    buckets: [0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.005, 0.025, 0.1, 0.5],
  },
  appendDuration: {
    name: 'clientele_append_duration_seconds',
    help: 'Time of one statement to the event log, which may carry many appends',
    labels: [],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1],
  },
  relayLagEvents: {
    name: 'clientele_relay_lag_events',
    help: 'Committed events that Kafka has not acknowledged',
    labels: [],
  },
  relayLagSeconds: {
    name: 'clientele_relay_lag_seconds',
    help: 'Age of the oldest event that Kafka has not acknowledged',
    labels: [],
  },
} as const;

/**
 * The service's metrics, each a prom-client object: `metrics.decisions.inc({ outcome, rule })`.
 * They live in a registry of their own, so that two applications in one process do not meet.
 */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  readonly requests = this.counter(table.requests);
  readonly requestDuration = this.histogram(table.requestDuration);
  readonly decisions = this.counter(table.decisions);
  readonly evaluationDuration = this.histogram(table.evaluationDuration);
  readonly appendDuration = this.histogram(table.appendDuration);
  readonly relayLagEvents = this.gauge(table.relayLagEvents);
  readonly relayLagSeconds = this.gauge(table.relayLagSeconds);

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  private counter<Label extends string>(row: Row<Label>): Counter<Label> {
    return new Counter({
      name: row.name,
      help: row.help,
      labelNames: row.labels,
      registers: [this.registry],
    });
  }

  private gauge<Label extends string>(row: Row<Label>): Gauge<Label> {
    return new Gauge({ name: row.name, help: row.help, labelNames: row.labels, registers: [this.registry] });
  }

  private histogram<Label extends string>(
    row: Row<Label> & { buckets: readonly number[] },
  ): Histogram<Label> {
    return new Histogram({
      name: row.name,
      help: row.help,
      labelNames: row.labels,
      buckets: [...row.buckets],
      registers: [this.registry],
    });
  }
}

interface Row<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly Label[];
}
