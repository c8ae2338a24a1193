import { pino, stdSerializers, type DestinationStream, type Logger } from 'pino';
import type { Configuration } from '../config/configuration.js';
import { redactMembers, redactShapes } from './redaction.js';

/** Injection token of the process's `Logger` (pino). A request has its own at `request.log`, with `correlation_id`. */
export const LOGGER = 'clientele:logger';

/**
 * Makes the logger: JSON lines with ISO time and named level, without secrets (see `redaction.ts`).
 *
 * @param destination where the lines go; written at once, so that the last words before a crash are there
 */
export function createLogger(level: Configuration['logLevel'], destination: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }), log: redactMembers },
      serializers: { err: (error: Error) => redactMembers({ ...stdSerializers.err(error) }) },
      hooks: { streamWrite: redactShapes },
    },
    destination,
  );
}
