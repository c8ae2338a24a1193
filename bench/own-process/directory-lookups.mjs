// Lookups in the client directory as the token endpoint does them, without HTTP around.
import { PostgresClientDirectory } from '../../dist/application/directory/postgres-client-directory.js';
import { createPool } from '../../dist/platform/database/pool.js';
import { answer, flatOut } from './answer.mjs';

answer(async ({ databaseUrl, clientIds, inFlight, runs, seconds, warmUpSeconds }) => {
  const pool = createPool(databaseUrl);
  const directory = new PostgresClientDirectory(pool);
  let next = 0;
  const lookup = async () => {
    const clientId = clientIds[next];
    next = (next + 1) % clientIds.length;
    const entry = await directory.find('default', clientId);
    if (entry?.state.client_id !== clientId) throw new Error(`the directory does not know ${clientId}`);
  };
  await flatOut(inFlight, warmUpSeconds, lookup);
  const measured = [];
  for (let run = 0; run < runs; run += 1) measured.push(await flatOut(inFlight, seconds, lookup));
  await pool.end();
  return measured.map(({ count, seconds: took, cpu }) => ({ rate: count / took, cpu }));
});
