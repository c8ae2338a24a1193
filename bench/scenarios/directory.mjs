// Lookups in the client directory. There is no HTTP endpoint for them, so the module is measured by itself.
import { startClientele } from '../contestants/clientele.mjs';
import { runScript } from '../own-process/run-script.mjs';
import { fillDirectory } from '../stored/fill.mjs';
import { publicClients, registerClients } from './client-bodies.mjs';
import { withContestants } from './with-contestants.mjs';

const CLIENTS = 10_000;
const IN_FLIGHT = 32;

/** @param {object} context as `compare` takes it */
export function directory(context) {
  const { cluster, effort, progress } = context;
  return withContestants(context, 'directory', [startClientele], async ([clientele]) => {
    await registerClients(clientele, publicClients, 1);
    const clientIds = await cluster.query(clientele.databaseUrl, async (pool) => {
      await fillDirectory(pool, CLIENTS, progress.say);
      const { rows } = await pool.query('select client_id from client_directory order by client_id');
      return rows.map((row) => row.client_id);
    });
    progress.say(`directory lookups: ${effort.runs} runs`);
    const { databaseUrl } = clientele;
    const runs = await runScript('directory-lookups', {
      databaseUrl,
      clientIds,
      inFlight: IN_FLIGHT,
      ...effort,
    });
    return [
      {
        id: 'directory',
        measurements: [
          {
            name: 'rate',
            text: `directory lookups, 10,000 clients, ${IN_FLIGHT} in flight`,
            values: runs.map((run) => run.rate),
            unit: '/s',
          },
          {
            name: 'cpu',
            text: 'directory lookup, Node processor time',
            values: runs.map((run) => run.cpu),
            unit: 'µs',
          },
        ],
      },
    ];
  });
}
