import type { TestProject } from 'vitest/node';
import { createTestLogins, type TestLogin } from './postgres-roles.js';
import { dropTemplates } from './postgres-template.js';
import { startTestCluster } from './postgres-cluster.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL superuser's URL; tests make their own databases on that server. */
    postgresUrl: string;
    /** Names what this run leaves on the server until it ends. */
    postgresRun: string;
    /** Who serves in production, and who reads reports there: not superusers. */
    postgresLogins: { readonly appender: TestLogin; readonly reader: TestLogin };
  }
}

/** One PostgreSQL for the run: a temporary one of our own, or the server that TEST_DATABASE_URL names. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const run = `${process.pid.toString(36)}_${Date.now().toString(36)}`;
  project.provide('postgresRun', run);
  const elsewhere = process.env['TEST_DATABASE_URL'];
  if (elsewhere) {
    project.provide('postgresUrl', elsewhere);
    const { appender, reader, drop } = await createTestLogins(elsewhere, run);
    project.provide('postgresLogins', { appender, reader });
    return async () => {
      await dropTemplates(elsewhere, run);
      await drop();
    };
  }
  const cluster = await startTestCluster();
  project.provide('postgresUrl', cluster.url);
  const { appender, reader } = await createTestLogins(cluster.url, run);
  project.provide('postgresLogins', { appender, reader });
  const interrupted = (): void => process.exit(143);
  process.once('SIGTERM', interrupted);
  return async () => {
    process.off('SIGTERM', interrupted);
    await cluster.destroy();
  };
}
