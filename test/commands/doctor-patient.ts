import type { Finding, Patient } from '../../src/commands/doctor/check.js';
import { examine } from '../../src/commands/doctor/examine.js';
import { databaseSettingsOf } from '../../src/commands/environment.js';
import { createOutput } from '../../src/commands/framework/output.js';
import { readSettings } from '../../src/platform/config/read-configuration.js';

const silence = { write: () => undefined };

/** The master key of `startTestService`. */
export const MASTER_KEY = Buffer.alloc(32, 7);

/** Examines what an environment describes and answers the findings by their names. */
export async function examined(
  environment: NodeJS.ProcessEnv,
  changes: Partial<Patient> = {},
): Promise<Readonly<Record<string, Finding>>> {
  const reading = readSettings(environment);
  const findings: Finding[] = [];
  await examine(
    {
      reading,
      database: databaseSettingsOf(reading),
      publicUrl: reading.settings.PUBLIC_URL ?? 'http://127.0.0.1:1',
      masterKey: MASTER_KEY,
      now: () => Date.now(),
      ...changes,
    },
    { output: createOutput(silence, silence, false), signal: new AbortController().signal },
    (finding) => findings.push(finding),
  );
  return Object.fromEntries(findings.map((finding) => [finding.check, finding]));
}
