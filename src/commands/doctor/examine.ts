import path from 'node:path';
import { existsSync } from 'node:fs';
import { runningEmbeddedDatabase } from '../../platform/database/embedded/embedded-database.js';
import type { CommandContext } from '../framework/command.js';
import { withClient, withDatabaseUrl } from '../database-client.js';
import { addressChecks } from './address-checks.js';
import {
  fail,
  ok,
  skip,
  type Check,
  type ConnectedPatient,
  type DatabaseCheck,
  type Finding,
  type Patient,
  type Result,
} from './check.js';
import { configurationChecks } from './configuration-checks.js';
import { databaseChecks } from './database-checks.js';
import { kafkaChecks, relayChecks } from './kafka-checks.js';
import { keyChecks } from './key-checks.js';
import { logChecks } from './log-checks.js';
import { policyChecks } from './policy-checks.js';

/** In the order they are reported. */
const withDatabaseOnly: readonly DatabaseCheck[] = [
  ...databaseChecks,
  ...logChecks,
  ...keyChecks,
  ...policyChecks,
  ...relayChecks,
];

/** A question that takes longer is its own answer. */
const SESSION = `set default_transaction_read_only = on; set statement_timeout = '15s'; set lock_timeout = '5s'`;

/**
 * Examines a service, running or not, and changes nothing: the database session refuses to write, apart from appends that
 * are rolled back.
 *
 * @param report told of every finding as soon as it is there
 */
export async function examine(
  patient: Patient,
  context: Pick<CommandContext, 'output' | 'signal'>,
  report: (finding: Finding) => void,
): Promise<void> {
  const examination = new Examination(report, context.signal);
  for (const check of configurationChecks) await examination.make(check, patient);
  await examineDatabase(patient, context, examination);
  for (const check of [...kafkaChecks, ...addressChecks]) await examination.make(check, patient);
}

async function examineDatabase(
  patient: Patient,
  context: Pick<CommandContext, 'output' | 'signal'>,
  examination: Examination,
): Promise<void> {
  const { databaseUrl, dataDirectory } = patient.database;
  if (databaseUrl === undefined && !existsSync(path.join(dataDirectory, 'postgres'))) {
    examination.note('database', skip('there is none yet: the first start of the service makes it'));
    return;
  }
  // As the role that serves; the owner would not meet what that role meets.
  const settings = {
    databaseUrl,
    dataDirectory,
    migrationDatabaseUrl: undefined,
    databaseDirectUrl: undefined,
  };
  const embedded = databaseUrl === undefined;
  const down = embedded && runningEmbeddedDatabase(dataDirectory) === undefined;
  try {
    await withDatabaseUrl(settings, context, (url) =>
      withClient(url, context.signal, async (client) => {
        await client.query(SESSION);
        const where = embedded ? `embedded, in ${dataDirectory}` : new URL(url).host;
        examination.note('database', ok(`answers (${where})${down ? '; started for this examination' : ''}`));
        const connected: ConnectedPatient = { ...patient, client };
        for (const check of withDatabaseOnly) await examination.make(check, connected);
      }),
    );
  } catch (error) {
    const advice = 'Start the database, or correct DATABASE_URL.';
    examination.note('database', fail((error as Error).message, advice));
    for (const { name } of withDatabaseOnly) examination.note(name, skip('needs the database'));
  }
}

/** The findings so far, which decide what else can be looked at. */
class Examination {
  private readonly unsound = new Set<string>();

  constructor(
    private readonly report: (finding: Finding) => void,
    private readonly signal: AbortSignal,
  ) {}

  async make(check: Check, patient: Patient): Promise<void>;
  async make(check: DatabaseCheck, patient: ConnectedPatient): Promise<void>;
  async make(check: Check | DatabaseCheck, patient: Patient | ConnectedPatient): Promise<void> {
    this.signal.throwIfAborted();
    const obstacle = check.after?.find((name) => this.unsound.has(name));
    if (obstacle !== undefined) return this.note(check.name, skip(`needs ${obstacle}`));
    try {
      const outcome = await check.run(patient as ConnectedPatient);
      if ('status' in outcome) this.note(check.name, outcome);
      else for (const { check: name, ...result } of outcome) this.note(name, result);
    } catch (error) {
      const { message, code } = error as NodeJS.ErrnoException;
      this.note(check.name, fail(`could not be looked at: ${message || code}`, 'See what it needs.'));
    }
  }

  note(check: string, result: Result): void {
    if (result.status === 'fail' || result.status === 'skip') this.unsound.add(check);
    this.report({ check, ...result });
  }
}
