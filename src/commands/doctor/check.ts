import type pg from 'pg';
import type { SettingsReading } from '../../platform/config/read-configuration.js';
import type { DatabaseSettings } from '../../platform/config/configuration.js';

export type Status = 'ok' | 'warn' | 'fail' | 'skip';

/** What a check has found out. */
export interface Finding {
  /** E.g. `clock`; stable, for scripts. */
  readonly check: string;
  readonly status: Status;
  /** What was found, a sentence's worth. */
  readonly found: string;
  /** What to do about it; null when there is nothing to do. */
  readonly advice: string | null;
}

export type Result = Omit<Finding, 'check'>;

export const ok = (found: string): Result => ({ status: 'ok', found, advice: null });
export const warn = (found: string, advice: string): Result => ({ status: 'warn', found, advice });
export const fail = (found: string, advice: string): Result => ({ status: 'fail', found, advice });
export const skip = (found: string): Result => ({ status: 'skip', found, advice: null });

/** What there is to look at. */
export interface Patient {
  /** The environment, as far as it can be read. */
  readonly reading: SettingsReading;
  readonly database: DatabaseSettings;
  readonly publicUrl: string;
  readonly masterKey: Buffer | undefined;
  /** Milliseconds since the epoch by this machine's clock. */
  readonly now: () => number;
}

/** The same with a connection as the role that serves, in a session that cannot write. */
export interface ConnectedPatient extends Patient {
  readonly client: pg.Client;
}

interface CheckOf<Subject> {
  /** Stable, for scripts. */
  readonly name: string;
  /** Names of checks without which this one says nothing. */
  readonly after?: readonly string[];
  /** One result, or one for each thing that was looked at. What it throws is a failure. */
  run(subject: Subject): Promise<Result | readonly Finding[]>;
}

/** Needs no database. */
export type Check = CheckOf<Patient>;
export type DatabaseCheck = CheckOf<ConnectedPatient>;
