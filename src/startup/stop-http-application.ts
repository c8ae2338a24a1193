import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { ReadinessRegistry } from '../platform/telemetry/readiness.js';

const DEADLINE_MS = 10_000;
const SWEEP_MS = 50;

/**
 * Stops accepting, lets running requests finish, then closes what Nest's modules hold (relay, pools). Requests that
 * take longer than the deadline, such as open event streams, are cut off.
 */
export async function stopHttpApplication(
  application: NestFastifyApplication,
  logger: Logger,
): Promise<void> {
  application.get(ReadinessRegistry).drain();
  const server = application.getHttpServer();
  const closed = application.close();
  // Closing looks for idle connections once; one that a client keeps after its last answer would be waited for.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const deadline = setTimeout(() => {
    logger.warn('requests were still running after 10 s and have been cut off');
    server.closeAllConnections();
  }, DEADLINE_MS);
  await closed.finally(() => {
    clearInterval(sweep);
    clearTimeout(deadline);
  });
}
