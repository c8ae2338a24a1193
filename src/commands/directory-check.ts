import { inlineProjections } from '../application/directory/inline-projections.js';
import { projectionDigest } from '../platform/event-log/projection-digest.js';
import { foldProjection } from '../platform/event-log/rebuild-projection.js';
import type { ClienteleCommand } from './command.js';
import { withDatabase } from './database-client.js';

/** Compares the projected tables with what the log says, and changes nothing. */
export const directoryCheck: ClienteleCommand = {
  name: 'directory check',
  summary: 'compare the client directory with the event log',
  description: `Folds every event into a temporary copy of each projected table and compares the canonical content of
the two, in one snapshot, while the service goes on. Exit code 1 when a table differs: clientele directory rebuild puts
it right.`,
  run: ({ configuration, print, progress }) =>
    withDatabase(configuration, progress, async (client) => {
      let differences = 0;
      for (const projection of inlineProjections) {
        const { live, folded } = await foldProjection(client, projection, (table) =>
          projectionDigest(client, table),
        );
        const equal = live.digest === folded.digest;
        if (!equal) differences += 1;
        print(
          `${projection.table}: ${equal ? 'equal' : 'DIFFERENT'}, ${live.rows} rows, sha256 ${live.digest}`,
        );
      }
      return differences === 0 ? 0 : 1;
    }),
};
