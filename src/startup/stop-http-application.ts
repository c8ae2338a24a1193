import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { ReadinessRegistry } from '../platform/telemetry/readiness.js';

const DEADLINE_MS = 10_000;

/**
 * Stops accepting, lets running requests finish, then closes what Nest's modules hold (relay, pools). Requests that
 * take longer than the deadline, such as open event streams, are cut off.
 */
export async function stopHttpApplication(
  application: NestFastifyApplication,
  logger: Logger,
): Promise<void> {
  application.get(ReadinessRegistry).drain();
  const closed = application.close();
  const deadline = setTimeout(() => {
    logger.warn('requests were still running after 10 s and have been cut off');
    application.getHttpServer().closeAllConnections();
  }, DEADLINE_MS);
  await closed.finally(() => clearTimeout(deadline));
}
