import type { TestProject } from 'vitest/node';
import { dropTemplates } from './postgres-template.js';
import { startTestCluster } from './postgres-cluster.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL superuser's URL; tests make their own databases on that server. */
    postgresUrl: string;
    /** Names what this run leaves on the server until it ends. */
    postgresRun: string;
  }
}

/** One PostgreSQL for the run: a temporary one of our own, or the server that TEST_DATABASE_URL names. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const run = `${process.pid.toString(36)}_${Date.now().toString(36)}`;
  project.provide('postgresRun', run);
  const elsewhere = process.env['TEST_DATABASE_URL'];
  if (elsewhere) {
    project.provide('postgresUrl', elsewhere);
    return () => dropTemplates(elsewhere, run);
  }
  const cluster = await startTestCluster();
  project.provide('postgresUrl', cluster.url);
  const interrupted = (): void => process.exit(143);
  process.once('SIGTERM', interrupted);
  return async () => {
    process.off('SIGTERM', interrupted);
    await cluster.destroy();
  };
}
