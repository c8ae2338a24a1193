import {
  diag,
  DiagLogLevel,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Link,
  type Span,
  type SpanContext,
  type Tracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ConsoleSpanExporter,
  NodeTracerProvider,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-node';
import { serviceVersion } from '../build-info.js';
import { formatTraceparent, parseTraceparent } from './traceparent.js';
import type { FinishedSpan, RunningSpan, SpanAttributes, SpanStart, Tracing } from './tracing.js';
import { wallClock } from './wall-clock.js';

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  internal: SpanKind.INTERNAL,
} as const;

/** An SDK that runs, configured by the environment as the OpenTelemetry specification says. */
export interface OpenTelemetry {
  readonly tracing: Tracing;
  /** Sends what is left and stops. */
  readonly shutdown: () => Promise<void>;
}

/**
 * Starts OpenTelemetry's SDK. Sampler, limits, batches, resource and exporter read their own `OTEL_*` variables. Nothing is
 * registered globally: libraries are not instrumented, and the service names parents itself.
 *
 * @param exporterName `console` writes spans to standard output
 * @param complain told in words what the SDK cannot do, as often as it says so
 */
export function startOpenTelemetry(
  exporterName: 'otlp' | 'console',
  complain: (problem: string) => void,
): OpenTelemetry {
  const problems = {
    error: (message: string) => complain(message),
    warn: (message: string) => complain(message),
    info: () => undefined,
    debug: () => undefined,
    verbose: () => undefined,
  };
  diag.setLogger(problems, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  const exporter = exporterName === 'console' ? new ConsoleSpanExporter() : new OTLPTraceExporter();
  const provider = new NodeTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'clientele', 'service.version': serviceVersion }))
      .merge(detectResources({ detectors: [serviceInstanceIdDetector, envDetector] })),
    spanProcessors: [new BatchSpanProcessor(reporting(exporter, complain))],
  });
  return {
    tracing: new OpenTelemetryTracing(provider.getTracer('clientele', serviceVersion)),
    shutdown: () => provider.shutdown(),
  };
}

class OpenTelemetryTracing implements Tracing {
  readonly enabled = true;

  constructor(private readonly tracer: Tracer) {}

  begin(start: SpanStart): RunningSpan {
    const span = this.start(start, wallClock());
    return {
      traceparent: traceparentOf(span),
      end: (attributes, error) => end(span, wallClock(), attributes, error),
    };
  }

  record(finished: FinishedSpan): string {
    const now = wallClock();
    const span = this.start(finished, now - finished.seconds * 1000, finished.links);
    end(span, now, {}, finished.error);
    return traceparentOf(span);
  }

  private start(
    { name, kind, parent, attributes }: SpanStart,
    startTime: number,
    links: readonly string[] = [],
  ): Span {
    const options = {
      kind: kinds[kind],
      startTime,
      ...(attributes && { attributes: { ...attributes } }),
      ...(links.length > 0 && { links: links.flatMap(linkTo) }),
    };
    return this.tracer.startSpan(name, options, contextOf(parent, kind === 'server'));
  }
}

function end(span: Span, endTime: number, attributes: SpanAttributes, error: string | undefined): void {
  span.setAttributes({ ...attributes, ...(error !== undefined && { 'error.type': error }) });
  if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(endTime);
}

function contextOf(traceparent: string | null, isRemote: boolean): Context {
  const parent = spanContextOf(traceparent, isRemote);
  return parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
}

function linkTo(traceparent: string): Link[] {
  const context = spanContextOf(traceparent, true);
  return context ? [{ context }] : [];
}

function spanContextOf(traceparent: string | null, isRemote: boolean): SpanContext | undefined {
  const parsed = parseTraceparent(traceparent);
  return parsed && { traceId: parsed.traceId, spanId: parsed.spanId, traceFlags: parsed.flags, isRemote };
}

function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return formatTraceparent({ traceId, spanId, flags: traceFlags });
}

/** The SDK reports a failed export as the JSON of an error and its stack; this says it in words. */
function reporting(exporter: SpanExporter, complain: (problem: string) => void): SpanExporter {
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.error) complain(`${spans.length} spans were not accepted: ${messageOf(result.error)}`);
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}

/** Node's error for a host with several addresses has no message of its own. */
function messageOf(error: Error): string {
  return error.message || ((error as NodeJS.ErrnoException).code ?? error.name);
}
