import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { fail, ok, skip, warn, type Check } from './check.js';

const GIBIBYTE = 2 ** 30;
const LITTLE_SPACE = 2 * GIBIBYTE;
/** PostgreSQL stops when it cannot write its log. */
const TOO_LITTLE_SPACE = GIBIBYTE / 4;

/** What the environment says, and the disk that the embedded database is on. */
export const configurationChecks: readonly Check[] = [
  {
    name: 'configuration',
    run: async ({ reading, publicUrl }) =>
      reading.problems.length === 0
        ? ok(`complete for ${reading.mode} at ${publicUrl}`)
        : reading.problems.map(({ variable, message }) => ({
            check: 'configuration',
            ...fail(`${variable} ${message}`, 'The service does not start with this environment.'),
          })),
  },
  {
    name: 'disk space',
    async run({ database }) {
      if (database.databaseUrl !== undefined) return skip('the database is elsewhere');
      if (!existsSync(database.dataDirectory)) return skip(`${database.dataDirectory} does not exist yet`);
      const { bavail, bsize } = await statfs(database.dataDirectory);
      const free = bavail * bsize;
      const found = `${(free / GIBIBYTE).toFixed(1)} GiB are free for ${database.dataDirectory}`;
      const advice = 'Make room, or move DATA_DIR: PostgreSQL stops when the disk is full.';
      if (free < TOO_LITTLE_SPACE) return fail(found, advice);
      return free < LITTLE_SPACE ? warn(found, advice) : ok(found);
    },
  },
];
