import { destination } from 'pino';
import { readConfiguration } from '../platform/config/read-configuration.js';
import { StartRefused } from '../platform/start-refused.js';
import { createLogger } from '../platform/telemetry/logger.js';
import { wantsColour } from './banner.js';
import { consoleLines } from './console-lines.js';
import { redirectLibraryWarnings } from './library-warnings.js';
import { Shutdown } from './shutdown.js';

/**
 * Runs the service in this process until a signal ends it: what `npm start` and `clientele serve` do.
 *
 * @returns when the service listens, or `misconfigured` after every problem of the environment was written to standard error
 */
export async function serve(environment: NodeJS.ProcessEnv): Promise<'serving' | 'misconfigured'> {
  const result = readConfiguration(environment);
  if (!result.ok) {
    const problems = result.problems.map(({ variable, message }) => `  ${variable} ${message}.\n`);
    const heading = `Clientele cannot start. The environment has ${problems.length === 1 ? 'a problem' : 'problems'}:\n`;
    process.stderr.write(`${heading}${problems.join('')}`);
    return 'misconfigured';
  }
  const { configuration, adminToken } = result;
  const print = (text: string): void => void process.stdout.write(text);
  const lines =
    configuration.mode === 'development'
      ? consoleLines(print, wantsColour(process.stdout, environment))
      : destination({ fd: 1, sync: true });
  const logger = createLogger(configuration.logLevel, lines);
  redirectLibraryWarnings(logger);
  const shutdown = new Shutdown(logger);
  shutdown.install();
  try {
    await shutdown.during(async () => {
      // Only now, because libraries say things when they are imported.
      const { start } = await import('./start.js');
      await start({ configuration, adminToken, logger, shutdown, print });
    });
  } catch (error) {
    if (error instanceof StartRefused) process.stderr.write(`Clientele cannot start. ${error.message}\n`);
    else logger.fatal({ err: error }, 'the start failed');
    await shutdown.end(1);
  }
  return 'serving';
}
