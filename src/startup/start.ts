import path from 'node:path';
import type { Logger } from 'pino';
import type { Configuration } from '../platform/config/configuration.js';
import { ReadinessRegistry } from '../platform/telemetry/readiness.js';
import { startTracing } from '../platform/telemetry/tracing/start-tracing.js';
import { bannerFacts } from './banner-facts.js';
import { renderBanner, wantsColour } from './banner.js';
import { migrateDatabase, startOwnDatabase, type OwnDatabase } from './database.js';
import { createHttpApplication } from './http-application.js';
import { listenError, settlePort } from './listening-port.js';
import { stopHttpApplication } from './stop-http-application.js';
import type { Shutdown } from './shutdown.js';

export interface StartOptions {
  readonly configuration: Configuration;
  readonly adminToken: 'created' | 'kept' | 'given';
  readonly logger: Logger;
  readonly shutdown: Shutdown;
  /** Where the banner and progress lines go. */
  readonly print: (text: string) => void;
}

/**
 * Starts the service: database, migrations, application, HTTP. In development it ends with the banner, in production
 * with one log line.
 *
 * @throws StartRefused when the operator can do something about it
 */
export async function start({ adminToken, logger, shutdown, print, ...given }: StartOptions): Promise<void> {
  const begun = performance.now();
  // PostgreSQL starts while we load the application, which takes longer.
  const [ownDatabase, { AppModule }, { FirstStart }] = await Promise.all([
    startOwnDatabase(given.configuration, (line) => print(`${line}\n`)).then((database) => {
      if (database) watch(database, given.configuration, logger, shutdown);
      return database;
    }),
    import('../app.module.js'),
    import('../application/first-start/first-start.js'),
  ]);
  const settled = await settlePort(given.configuration);
  const configuration: Configuration = { ...settled, databaseUrl: ownDatabase?.url ?? settled.databaseUrl };
  await migrateDatabase(configuration, logger);
  const { tracing, stop: stopTracing } = await startTracing(process.env, logger);
  shutdown.add({ name: 'tracing', stop: stopTracing });

  const application = await createHttpApplication(
    AppModule.register(configuration, logger, tracing),
    configuration,
    logger,
  );
  shutdown.add({ name: 'the application', stop: () => stopHttpApplication(application, logger) });
  await application.init();
  await application.get(FirstStart).run();
  try {
    await application.listen(configuration.port, configuration.host);
  } catch (error) {
    throw listenError(error, configuration);
  }
  if (shutdown.requested) return;
  const milliseconds = performance.now() - begun;
  if (configuration.mode === 'production') {
    const { publicUrl, port } = configuration;
    logger.info({ url: publicUrl, port, milliseconds: Math.round(milliseconds) }, 'started');
    return;
  }
  const report = await application.get(ReadinessRegistry).report();
  const facts = bannerFacts(configuration, report, {
    adminToken,
    milliseconds,
    embedded: ownDatabase !== undefined,
  });
  print(renderBanner(facts, wantsColour(process.stdout, process.env)));
}

/** The database goes with us, and we with it. */
function watch(
  database: OwnDatabase,
  { dataDirectory }: Configuration,
  logger: Logger,
  shutdown: Shutdown,
): void {
  shutdown.add({ name: 'PostgreSQL', stop: () => database.stop(), abandon: () => database.abandon() });
  void database.ended.then(() => {
    if (shutdown.requested) return;
    logger.fatal(`PostgreSQL ended unexpectedly; see ${path.join(dataDirectory, 'postgres.log')}`);
    process.exit(1);
  });
}
