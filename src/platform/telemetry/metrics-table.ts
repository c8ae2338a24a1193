/** One metric as Prometheus knows it, and its row in docs/guides/observability.md. */
export interface MetricRow {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  /** By Prometheus' conventions: base units, `_total` at the end of counters. */
  readonly name: string;
  readonly help: string;
  /** With few values each: never a client, an address or a URL. */
  readonly labels: readonly string[];
  /** Upper bounds, of histograms. */
  readonly buckets?: readonly number[];
  /** Series that exist from the start with 0: without them the first increase would be no rate. */
  readonly begin?: readonly Readonly<Record<string, string>>[];
}

const outcomes = (...values: readonly string[]) => values.map((outcome) => ({ outcome }));

const GRANTS = ['authorization_code', 'refresh_token', 'client_credentials'] as const;

/** Every metric of ours. What Node.js and the process tell (`nodejs_*`, `process_*`) comes from prom-client. */
export const metricsTable = {
  requests: {
    kind: 'counter',
    name: 'clientele_http_requests_total',
    help: 'Answered requests by route pattern and status class (`2xx` …)',
    labels: ['method', 'route', 'outcome'],
  },
  requestDuration: {
    kind: 'histogram',
    name: 'clientele_http_request_duration_seconds',
    help: 'Time to answer a request',
    labels: ['route'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  },
  decisions: {
    kind: 'counter',
    name: 'clientele_policy_decisions_total',
    help: 'Decisions by outcome and the first rule that led to a review or denial (`none` for an allow)',
    labels: ['outcome', 'rule'],
    begin: ['allow', 'review', 'deny'].map((outcome) => ({ outcome, rule: 'none' })),
  },
  undecided: {
    kind: 'counter',
    name: 'clientele_policy_unavailable_total',
    help: 'Questions to the policy that got no decision and were answered 503, by reason: `deadline` is a timeout, `tripped` the rest after several of them',
    labels: ['reason'],
    begin: [
      'deadline',
      'tripped',
      'trapped',
      'undefined',
      'malformed',
      'crashed',
      'overloaded',
      'unknown_bundle',
      'closed',
    ].map((reason) => ({ reason })),
  },
  evaluationDuration: {
    kind: 'histogram',
    name: 'clientele_policy_evaluation_duration_seconds',
    help: 'Time from asking the policy to its answer, waiting included',
    labels: [],
    buckets: [0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.005, 0.025, 0.1, 0.5],
  },
  evaluationsWaiting: {
    kind: 'gauge',
    name: 'clientele_policy_evaluations_waiting',
    help: 'Questions that wait for the policy thread',
    labels: [],
  },
  policyThreadReplacements: {
    kind: 'counter',
    name: 'clientele_policy_thread_replacements_total',
    help: 'Policy threads that were late or died and had to be replaced',
    labels: [],
  },
  bundleTripped: {
    kind: 'gauge',
    name: 'clientele_policy_bundle_tripped',
    help: '1 while a loaded bundle rests because it timed out too often, otherwise 0; `bundle` is the beginning of its digest',
    labels: ['bundle', 'revision'],
  },
  throttled: {
    kind: 'counter',
    name: 'clientele_throttled_requests_total',
    help: 'Requests answered 429, by limit: of registrations, `capacity`, or `failed_authentication`',
    labels: ['limit'],
    begin: [
      'address',
      'same_request',
      'redirect_host',
      'software',
      'body',
      'initial_access_token',
      'capacity',
      'failed_authentication',
    ].map((limit) => ({ limit })),
  },
  appendDuration: {
    kind: 'histogram',
    name: 'clientele_append_duration_seconds',
    help: 'Time of one statement to the event log, which may carry many appends',
    labels: [],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1],
  },
  appendBatch: {
    kind: 'histogram',
    name: 'clientele_append_batch_calls',
    help: 'Appends that shared one statement',
    labels: [],
    buckets: [1, 2, 4, 8, 16, 32, 64],
  },
  appendConflicts: {
    kind: 'counter',
    name: 'clientele_append_conflicts_total',
    help: 'Appends that lost to a concurrent change; each is decided again, at most eight times',
    labels: [],
  },
  appendFailures: {
    kind: 'counter',
    name: 'clientele_append_failures_total',
    help: 'Appends that the database refused or did not answer',
    labels: [],
  },
  eventsAppended: {
    kind: 'counter',
    name: 'clientele_events_appended_total',
    help: 'Committed events by type, e.g. `client.registered`',
    labels: ['type'],
  },
  relayConfigured: {
    kind: 'gauge',
    name: 'clientele_relay_configured',
    help: '1 where this process has the role `relay` and Kafka brokers, otherwise 0',
    labels: [],
  },
  relayLeader: {
    kind: 'gauge',
    name: 'clientele_relay_leader',
    help: '1 in the process that publishes to Kafka, otherwise 0',
    labels: [],
  },
  relayLagEvents: {
    kind: 'gauge',
    name: 'clientele_relay_lag_events',
    help: 'Committed events that Kafka has not acknowledged; 0 in a process without the role `relay`',
    labels: [],
  },
  relayLagSeconds: {
    kind: 'gauge',
    name: 'clientele_relay_lag_seconds',
    help: 'Age of the oldest event that Kafka has not acknowledged',
    labels: [],
  },
  relayPublished: {
    kind: 'counter',
    name: 'clientele_relay_published_events_total',
    help: 'Events that Kafka acknowledged to this process',
    labels: [],
  },
  relayPublishFailures: {
    kind: 'counter',
    name: 'clientele_relay_publish_failures_total',
    help: 'Requests to Kafka that failed; their events are sent again',
    labels: [],
  },
  relayPublishDuration: {
    kind: 'histogram',
    name: 'clientele_relay_publish_duration_seconds',
    help: 'Time until Kafka acknowledged a request, which carries up to 500 events',
    labels: [],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 10],
  },
  signIns: {
    kind: 'counter',
    name: 'clientele_sign_ins_total',
    help: 'Sign-ins of people by kind (`development`) and outcome (`succeeded`, `refused`)',
    labels: ['kind', 'outcome'],
    begin: outcomes('succeeded', 'refused').map((row) => ({ kind: 'development', ...row })),
  },
  consents: {
    kind: 'counter',
    name: 'clientele_consents_total',
    help: 'Answers to the consent page (`allowed`, `denied`)',
    labels: ['outcome'],
    begin: outcomes('allowed', 'denied'),
  },
  tokenRequests: {
    kind: 'counter',
    name: 'clientele_token_requests_total',
    help: 'Token requests by grant (`other` where it is unknown) and outcome: `issued`, or the OAuth error code',
    labels: ['grant', 'outcome'],
    begin: GRANTS.flatMap((grant) => [
      { grant, outcome: 'issued' },
      { grant, outcome: 'invalid_client' },
      ...(grant === 'client_credentials' ? [] : [{ grant, outcome: 'invalid_grant' }]),
    ]),
  },
  poolConnections: {
    kind: 'gauge',
    name: 'clientele_database_pool_connections',
    help: 'Open database connections by pool (`hot_path`, `typeorm`) and state (`busy`, `idle`)',
    labels: ['pool', 'state'],
  },
  poolLimit: {
    kind: 'gauge',
    name: 'clientele_database_pool_limit',
    help: 'Connections that a pool may open',
    labels: ['pool'],
  },
  poolWaiting: {
    kind: 'gauge',
    name: 'clientele_database_pool_waiting',
    help: 'Queries that wait for a connection of a pool',
    labels: ['pool'],
  },
  eventLoopActive: {
    kind: 'counter',
    name: 'clientele_event_loop_active_seconds_total',
    help: 'Time in which the event loop was at work; its rate is the utilisation of the thread, 1 being all of it',
    labels: [],
  },
  ready: {
    kind: 'gauge',
    name: 'clientele_ready',
    help: 'What /health/ready answers: 1 for 200, 0 for 503',
    labels: [],
  },
  checkReady: {
    kind: 'gauge',
    name: 'clientele_check_ready',
    help: 'The checks behind it, by their names at /health/ready: 1 for ready',
    labels: ['check'],
  },
  buildInfo: {
    kind: 'gauge',
    name: 'clientele_build_info',
    help: 'Always 1; the version of the service and of Node.js',
    labels: ['version', 'node'],
  },
} as const satisfies Readonly<Record<string, MetricRow>>;
