import { inlineProjections } from '../application/directory/inline-projections.js';
import { rebuildProjection } from '../platform/event-log/rebuild-projection.js';
import { projectionDigest } from '../platform/event-log/projection-digest.js';
import type { ClienteleCommand } from './command.js';
import { withDatabase } from './database-client.js';

/** Builds the projected tables anew from the log. */
export const directoryRebuild: ClienteleCommand = {
  name: 'directory rebuild',
  summary: 'build the client directory anew from the event log',
  description: `Reads every event and writes the client directory, the initial access tokens, the realms and the policy
bindings anew, while the service goes on serving. Appends wait only for the switch at the end. The digest that is
printed for each table is over its canonical content: equal digests, equal tables.`,
  run: ({ configuration, print, progress }) =>
    withDatabase(configuration, progress, async (client) => {
      for (const projection of inlineProjections) {
        const events = await rebuildProjection(client, projection, ({ position, head }) =>
          progress(`${projection.table}: ${position} of ${head}`),
        );
        const { digest, rows } = await projectionDigest(client, projection.table);
        print(`${projection.table}: ${rows} rows from ${events} events, sha256 ${digest}`);
      }
      return 0;
    }),
};
