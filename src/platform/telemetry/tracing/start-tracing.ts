import type { Logger } from 'pino';
import { noTracing, type Tracing } from './tracing.js';

export interface StartedTracing {
  readonly tracing: Tracing;
  /** Sends what is left, for a few seconds at most. */
  readonly stop: () => Promise<void>;
}

const off: StartedTracing = { tracing: noTracing, stop: () => Promise.resolve() };

/** A collector that is away must not hold the end of the process up. */
const STOP_PATIENCE_MS = 3_000;
const COMPLAIN_EVERY_MS = 60_000;

/**
 * Starts tracing when the environment asks for it by OpenTelemetry's variables: an OTLP endpoint, or an exporter by name.
 * Otherwise no part of its SDK is even loaded.
 *
 * @param environment `process.env`
 */
export async function startTracing(environment: NodeJS.ProcessEnv, logger: Logger): Promise<StartedTracing> {
  const exporter = exporterOf(environment, logger);
  if (exporter === 'none') return off;
  const { startOpenTelemetry } = await import('./open-telemetry.js');
  let complain = (problem: string): void => {
    logger.warn({ problem }, 'tracing is not configured as the environment says');
  };
  const { tracing, shutdown } = startOpenTelemetry(exporter, (problem) => complain(problem));
  // What goes wrong from now on goes wrong with every batch.
  complain = atMostEvery(COMPLAIN_EVERY_MS, (problem) => logger.warn({ problem }, 'traces are being lost'));
  return { tracing, stop: () => settledWithin(STOP_PATIENCE_MS, shutdown()) };
}

function exporterOf(environment: NodeJS.ProcessEnv, logger: Logger): 'otlp' | 'console' | 'none' {
  const value = (name: string): string => (environment[name] ?? '').trim();
  if (value('OTEL_SDK_DISABLED').toLowerCase() === 'true') return 'none';
  const hasEndpoint = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'].some(
    (name) => value(name) !== '',
  );
  const byEndpoint = hasEndpoint ? 'otlp' : 'none';
  const name = value('OTEL_TRACES_EXPORTER') || byEndpoint;
  if (name !== 'otlp' && name !== 'console' && name !== 'none') {
    logger.warn({ OTEL_TRACES_EXPORTER: name }, 'unknown exporter of traces: use otlp, console or none');
    return byEndpoint;
  }
  const protocol = value('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') || value('OTEL_EXPORTER_OTLP_PROTOCOL');
  if (name === 'otlp' && protocol !== '' && protocol !== 'http/protobuf') {
    logger.warn({ OTEL_EXPORTER_OTLP_PROTOCOL: protocol }, 'traces are sent as http/protobuf');
  }
  return name;
}

function atMostEvery<Argument>(
  milliseconds: number,
  act: (argument: Argument) => void,
): (argument: Argument) => void {
  let next = Number.NEGATIVE_INFINITY;
  return (argument) => {
    const now = performance.now();
    if (now < next) return;
    next = now + milliseconds;
    act(argument);
  };
}

async function settledWithin(milliseconds: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work.catch(() => undefined), patience]);
  clearTimeout(timer);
}
