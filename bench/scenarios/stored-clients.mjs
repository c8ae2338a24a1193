// Whether registering stays as fast when many clients are stored, and what memory that takes.
import { startClientele } from '../contestants/clientele.mjs';
import { residentMemory } from '../measure/processor-time.mjs';
import { fillDirectory } from '../stored/fill.mjs';
import { registrations } from './registration.mjs';
import { compare } from './compare.mjs';
import { publicClients, registerClients } from './client-bodies.mjs';
import { withContestants } from './with-contestants.mjs';

const STORED = [0, 100_000, 1_000_000];
const MEASURED_MEMORY_AT = 100_000;
/** The first step would otherwise be the only one with a process that is not yet at its best. */
const WARM_UP_SECONDS = 8;
const MEBIBYTE = 2 ** 20;
const [publicRegistration] = registrations;

/** @param {object} context as `compare` takes it */
export function storedClients(context) {
  const { cluster, effort, progress, quick } = context;
  const thorough = { ...context, effort: { ...effort, warmUpSeconds: WARM_UP_SECONDS } };
  return withContestants(context, 'stored-clients', [startClientele], async ([clientele]) => {
    const memory = [memoryOf(clientele, 'after the start')];
    await registerClients(clientele, publicClients, 1);
    const results = [];
    for (const stored of quick ? STORED.slice(0, 2) : STORED) {
      await cluster.query(clientele.databaseUrl, (pool) => fillDirectory(pool, stored, progress.say));
      const comparison = {
        ...publicRegistration,
        id: `stored-${stored}`,
        title: `registration, public, 32 connections, ${stored.toLocaleString('en-GB')} clients stored`,
      };
      results.push(await compare(thorough, comparison, [clientele]));
      if (stored === MEASURED_MEMORY_AT)
        memory.push(memoryOf(clientele, 'at 100,000 clients, after the load'));
    }
    return [...results, { id: 'memory', measurements: memory }];
  });
}

function memoryOf({ pid }, when) {
  return {
    name: when,
    text: `resident memory ${when}`,
    values: [residentMemory(pid) / MEBIBYTE],
    unit: 'MiB',
  };
}
