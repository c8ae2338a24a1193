import { withDatabase } from './database-client.js';
import { DATABASE_VARIABLES, databaseSettings } from './environment.js';
import { defineCommand } from './framework/command.js';
import { listKeys } from './keys/list-keys.js';

/** The signing keys and where they stand. */
export const keysList = defineCommand({
  name: 'keys list',
  summary: 'list the signing keys of every realm',
  description: `Lists the keys that are in the JWKS: the one in force, one that is published and about to be, and retired
ones, which verify what they signed until it has expired and are then removed.`,
  options: {
    realm: { kind: 'text', value: 'NAME', help: 'only this realm' },
    json: { kind: 'flag', help: 'print one JSON object per key' },
  },
  examples: [{ command: 'clientele keys list', purpose: 'see which key signs now' }],
  environment: DATABASE_VARIABLES,
  exits: {},
  run: ({ environment, output, signal }, { realm, json }) =>
    withDatabase(databaseSettings(environment), { output, signal }, async (client) => {
      for (const key of await listKeys(client, realm)) {
        const until = key.retired_at === null ? '' : ` to ${key.retired_at.toISOString()}`;
        const line = `${key.realm}  ${key.kid}  ${key.state.padEnd(8)}  from ${key.activates_at.toISOString()}${until}`;
        output.print(json ? JSON.stringify(key) : line);
      }
      return 0;
    }),
});
