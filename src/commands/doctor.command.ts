import { configurationTable, type VariableName } from '../platform/config/configuration-table.js';
import { readSettings } from '../platform/config/read-configuration.js';
import type { Finding } from './doctor/check.js';
import { databaseSettingsOf, masterKeyOf } from './environment.js';
import { defineCommand, exitCodes } from './framework/command.js';

/** Examines the service and what it stands on. */
export const doctorCommand = defineCommand({
  name: 'doctor',
  summary: 'examine the configuration, the database, Kafka, keys and policies',
  description: `Looks at everything the service stands on, and says for each thing what it found and what to do: the
configuration, the database and its settings, the schema, the role, the clock, the log and its triggers, whether the
master key opens the stored keys, whether every realm's policy gives decisions, the relay, Kafka's topics, and whether
PUBLIC_URL leads here.

It changes nothing, works beside a running service as well as without one, and needs the same environment. Run it before
the first start, after a restore, after an upgrade, and when something is odd.`,
  options: { json: { kind: 'flag', help: 'print one JSON object with every finding' } },
  examples: [
    { command: 'clientele doctor', purpose: 'look at everything' },
    {
      command: `clientele doctor --json | jq '.findings[] | select(.status != "ok")'`,
      purpose: 'only what is not in order',
    },
  ],
  environment: Object.keys(configurationTable) as VariableName[],
  exits: { 0: 'nothing failed; there may be warnings', 1: 'at least one check failed' },
  async run({ environment, output, signal }, { json }) {
    const [{ examine }, { describe, summarise }] = await Promise.all([
      import('reflect-metadata').then(() => import('./doctor/examine.js')),
      import('./doctor/report.js'),
    ]);
    const reading = readSettings(environment);
    const findings: Finding[] = [];
    const patient = {
      reading,
      database: databaseSettingsOf(reading),
      publicUrl: reading.settings.PUBLIC_URL ?? `http://localhost:${reading.settings.PORT ?? 3000}`,
      masterKey: masterKeyOf(reading),
      now: () => Date.now(),
    };
    await examine(patient, { output, signal }, (finding) => {
      findings.push(finding);
      if (!json) output.print(describe(finding, output.paint));
    });
    const sound = findings.every(({ status }) => status !== 'fail');
    if (json) output.print(JSON.stringify({ ok: sound, findings }, null, 2));
    else output.print(`\n${summarise(findings)}`);
    return sound ? exitCodes.ok : exitCodes.failure;
  },
});
