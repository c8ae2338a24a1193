import { inlineProjections } from '../application/directory/inline-projections.js';
import { projectionDigest } from '../platform/event-log/projection-digest.js';
import { rebuildProjection } from '../platform/event-log/rebuild-projection.js';
import { withDatabase } from './database-client.js';
import { DATABASE_VARIABLES, databaseSettings } from './environment.js';
import { defineCommand } from './framework/command.js';

/** Builds the projected tables anew from the log. */
export const directoryRebuild = defineCommand({
  name: 'directory rebuild',
  summary: 'build the client directory anew from the event log',
  description: `Reads every event and writes the client directory, the initial access tokens, the realms and the policy
bindings anew, while the service goes on serving. Appends wait only for the switch at the end. The digest that is
printed for each table is over its canonical content: equal digests, equal tables. Ended early, it has changed nothing.

It connects as the owner of the tables, because it makes new ones.`,
  options: { json: { kind: 'flag', help: 'print one JSON object per table' } },
  examples: [{ command: 'clientele directory rebuild', purpose: 'when directory check found a difference' }],
  environment: DATABASE_VARIABLES,
  exits: { 0: 'every table was built and switched' },
  run: ({ environment, output, signal }, { json }) =>
    withDatabase(databaseSettings(environment), { output, signal }, async (client) => {
      for (const projection of inlineProjections) {
        const { table } = projection;
        const events = await rebuildProjection(client, projection, ({ position, head }) =>
          output.progress(`${table}: ${position} of ${head}`),
        );
        const { digest, rows } = await projectionDigest(client, table);
        output.print(
          json
            ? JSON.stringify({ table, rows, events, sha256: digest })
            : `${table}: ${rows} rows from ${events} events, sha256 ${digest}`,
        );
      }
      return 0;
    }),
});
