/**
 * Starts contestants, each on a fresh database, and stops them whatever happens.
 *
 * @template T
 * @param {object} context
 * @param {string} family becomes part of the names of databases and logs
 * @param {readonly ((cluster: object, options: {database: string}) => Promise<object>)[]} starts
 * @param {(contestants: object[]) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withContestants({ cluster }, family, starts, work) {
  const contestants = [];
  try {
    for (const [index, start] of starts.entries())
      contestants.push(await start(cluster, { database: `${family}_${index}`.replaceAll('-', '_') }));
    return await work(contestants);
  } finally {
    for (const contestant of contestants) await contestant.stop();
    for (const { databaseUrl, database } of contestants)
      if (databaseUrl) await cluster.dropDatabase(database);
  }
}
