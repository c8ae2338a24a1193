import { inlineProjections } from '../application/directory/inline-projections.js';
import { projectionDigest } from '../platform/event-log/projection-digest.js';
import { foldProjection } from '../platform/event-log/rebuild-projection.js';
import { withDatabase } from './database-client.js';
import { DATABASE_VARIABLES, databaseSettings } from './environment.js';
import { defineCommand } from './framework/command.js';

/** Compares the projected tables with what the log says, and changes nothing. */
export const directoryCheck = defineCommand({
  name: 'directory check',
  summary: 'compare the client directory with the event log',
  description: `Folds every event into a temporary copy of each projected table and compares the canonical content of
the two, in one snapshot, while the service goes on. Where a table differs, clientele directory rebuild puts it right.

It connects as the owner of the tables: the serving role may not make temporary ones.`,
  options: { json: { kind: 'flag', help: 'print one JSON object per table' } },
  examples: [{ command: 'clientele directory check', purpose: 'after a restore, or from time to time' }],
  environment: DATABASE_VARIABLES,
  exits: { 0: 'every table is what the log says', 1: 'a table differs' },
  run: ({ environment, output, signal }, { json }) =>
    withDatabase(databaseSettings(environment), { output, signal }, async (client) => {
      let differences = 0;
      for (const projection of inlineProjections) {
        const { table } = projection;
        const { live, folded } = await foldProjection(client, projection, (name) =>
          projectionDigest(client, name),
        );
        const equal = live.digest === folded.digest;
        if (!equal) differences += 1;
        const { rows, digest } = live;
        output.print(
          json
            ? JSON.stringify({ table, equal, rows, sha256: digest })
            : `${table}: ${equal ? 'equal' : 'DIFFERENT'}, ${rows} rows, sha256 ${digest}`,
        );
      }
      return differences === 0 ? 0 : 1;
    }),
});
