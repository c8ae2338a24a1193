import 'reflect-metadata';
import { destination } from 'pino';
import { createLogger } from './platform/telemetry/logger.js';
import { readConfiguration } from './platform/config/read-configuration.js';
import { wantsColour } from './startup/banner.js';
import { consoleLines } from './startup/console-lines.js';
import { redirectLibraryWarnings } from './startup/library-warnings.js';
import { Shutdown } from './startup/shutdown.js';
import { StartRefused } from './platform/start-refused.js';

const result = readConfiguration(process.env);
if (result.ok) {
  const { configuration, adminToken } = result;
  const print = (text: string): void => void process.stdout.write(text);
  const lines =
    configuration.mode === 'development'
      ? consoleLines(print, wantsColour(process.stdout, process.env))
      : destination({ fd: 1, sync: true });
  const logger = createLogger(configuration.logLevel, lines);
  redirectLibraryWarnings(logger);
  const shutdown = new Shutdown(logger);
  shutdown.install();
  try {
    await shutdown.during(async () => {
      // Only now, because libraries say things when they are imported.
      const { start } = await import('./startup/start.js');
      await start({ configuration, adminToken, logger, shutdown, print });
    });
  } catch (error) {
    if (error instanceof StartRefused) process.stderr.write(`Clientele cannot start. ${error.message}\n`);
    else logger.fatal({ err: error }, 'the start failed');
    await shutdown.end(1);
  }
} else {
  const problems = result.problems.map(({ variable, message }) => `  ${variable} ${message}.\n`);
  process.stderr.write(
    `Clientele cannot start. The environment has ${problems.length === 1 ? 'a problem' : 'problems'}:\n`,
  );
  process.stderr.write(problems.join(''));
  process.exitCode = 1;
}
