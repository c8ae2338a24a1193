import type pg from 'pg';
import type { Envelope } from '../contract/envelope.js';
import type { JsonObject } from '../contract/json.js';
import { EventPresenter } from '../application/event-feed/event-presenter.js';
import { MasterKey } from '../platform/crypto/master-key.js';
import { Sealer } from '../platform/crypto/sealer.js';
import type { CommittedEvent } from '../platform/event-log/event-reader.js';
import { withClient, withDatabaseUrl, withPool } from './database-client.js';
import { databaseSettings, KEY_VARIABLES, keySettings } from './environment.js';
import { eventLine } from './events/event-line.js';
import { eventTypes } from './events/event-types.js';
import { headOf, tailEvents } from './events/tail-events.js';
import { defineCommand } from './framework/command.js';

/** How much of the past one sees without asking for more. */
const LAST = 10;

/** Follows the log. */
export const eventsTail = defineCommand({
  name: 'events tail',
  summary: 'follow the event log',
  description: `Prints the last ten events and then every new one as it is committed, until Ctrl-C. On a terminal a line
per event: time, position, type, what it is about, who did it, what came of it. Otherwise, and with --json, a JSON object
per line: the stored envelope and its position.

Personal fields stay sealed unless --unseal is given, which needs the master key.`,
  options: {
    after: { kind: 'count', value: 'POSITION', help: 'begin behind this position; 0 is the whole log' },
    realm: { kind: 'text', value: 'NAME', help: 'only events of this realm' },
    type: { kind: 'texts', value: 'TYPE', help: 'only events of this type, or of a family such as client.*' },
    stream: { kind: 'text', value: 'STREAM', help: 'only events of this stream, e.g. client:default:c_…' },
    json: { kind: 'flag', help: 'JSON lines on a terminal too' },
    unseal: { kind: 'flag', help: 'open personal fields; what is erased reads {"$erased": true}' },
    'no-follow': { kind: 'flag', help: 'end at the newest event' },
  },
  examples: [
    { command: 'clientele events tail', purpose: 'watch registrations come in' },
    {
      command: 'clientele events tail --type registration.refused --json | jq .data.violations',
      purpose: 'what the policy refuses, as it happens',
    },
    {
      command: 'clientele events tail --after 0 --stream client:default:c_RBCmx50FkxfJULkAqesj9A --no-follow',
      purpose: 'the life of one client',
    },
  ],
  environment: KEY_VARIABLES,
  exits: { 0: 'it came to the end, or was ended with Ctrl-C' },
  async run({ environment, output, signal }, options) {
    const keys = options.unseal ? keySettings(environment) : undefined;
    const types = eventTypes(options.type);
    const filter = { realm: options.realm, stream: options.stream, types };
    const forPeople = output.interactive && !options.json;
    return withDatabaseUrl(keys ?? databaseSettings(environment), { output }, async (url) => {
      const follow = (read: Read): Promise<number> =>
        withClient(url, never, async (client) => {
          const after = options.after ?? Math.max(0, (await headOf(client)) - LAST);
          for await (const event of tailEvents(client, after, filter, !options['no-follow'], signal)) {
            if (signal.aborted) break;
            const envelope = await read(event);
            output.print(
              forPeople
                ? eventLine(event.position, event.recorded_at, envelope, output.paint)
                : JSON.stringify({ position: event.position, ...envelope }),
            );
          }
          return 0;
        });
      return keys ? withPool(url, (pool) => follow(unsealing(pool, keys.masterKey))) : follow(asStored);
    });
  },
});

type Read = (event: CommittedEvent) => Envelope<string, JsonObject> | Promise<Envelope<string, JsonObject>>;

const asStored: Read = (event) => JSON.parse(event.body.toString('utf8')) as Envelope<string, JsonObject>;

function unsealing(pool: pg.Pool, masterKey: Buffer): Read {
  const presenter = new EventPresenter(new Sealer(pool, new MasterKey(masterKey)));
  return async (event) => {
    const { position: _, ...envelope } = await presenter.present(event);
    return envelope as unknown as Envelope<string, JsonObject>;
  };
}

/** The loop looks at the signal itself, so that a last line is never cut off. */
const never = new AbortController().signal;
