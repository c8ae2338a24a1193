import { readFileSync } from 'node:fs';
import { keyMaterial } from '../platform/config/values.js';
import { withDatabaseUrl, withPool } from './database-client.js';
import { KEY_VARIABLES, keySettings } from './environment.js';
import { defineCommand, type CommandContext } from './framework/command.js';
import type { OptionValues } from './framework/options.js';
import { UsageError } from './framework/usage-error.js';

const HELP = 'clientele keys rotate --help';
/** Longer than every instance's memory of keys and most caches of a JWKS, whose max-age is 60 seconds. */
const LEAD_SECONDS = 120;

const options = {
  realm: { kind: 'text', value: 'NAME', default: 'default', help: 'whose keys' },
  lead: {
    kind: 'count',
    value: 'SECONDS',
    default: LEAD_SECONDS,
    help: 'how long the new key is published before it signs, at least 10',
  },
  now: { kind: 'flag', help: 'emergency: withdraw the old keys at once, with everything they signed' },
  master: { kind: 'flag', help: 'wrap every stored key under a new master key instead' },
  'new-master-key-file': {
    kind: 'text',
    value: 'FILE',
    help: 'with --master: the new key, as for MASTER_KEY_FILE',
  },
  reason: { kind: 'text', value: 'TEXT', help: 'goes into the event, sealed' },
  json: { kind: 'flag', help: 'print one JSON object' },
} as const;

/** New keys. */
export const keysRotate = defineCommand({
  name: 'keys rotate',
  summary: 'give a realm new keys, or wrap all keys under a new master key',
  description: `Gives a realm a new key for tokens and one for cookies. The new key is in the JWKS at once and signs after
the lead time, so that whoever verifies has it by then; the old one verifies until everything it signed has expired.
Running instances see it within four seconds, without a restart. Nobody notices.

With --now, for a key that leaked: the old keys leave the JWKS at once. Every access token and every session of the realm
is void: at introspection within four seconds, at servers that verify by themselves when their copy of the JWKS ends (its
max-age is 60 seconds). Refresh tokens stay good, so clients with one come back by themselves.

With --master every stored key is wrapped under the key in --new-master-key-file, in one transaction; tokens, sessions and
sealed fields stay good. Stop every instance first, connect as the owner of the tables, and start the instances with the
new key afterwards. Interrupted, it has changed nothing.

Each rotation is an event: realm.keys_rotated, master_key.rotated.`,
  options,
  examples: [
    { command: 'clientele keys rotate --reason "every 90 days"', purpose: 'the regular rotation' },
    { command: 'clientele keys rotate --now --reason "key leaked, incident 17"', purpose: 'the emergency' },
    {
      command: 'clientele keys rotate --master --new-master-key-file /run/secrets/master-key.new',
      purpose: 'a new master key, with every instance stopped',
    },
  ],
  environment: KEY_VARIABLES,
  exits: { 1: 'nothing was changed' },
  run: (context, values) => (values.master ? rotateMaster(context, values) : rotateRealm(context, values)),
});

type Values = OptionValues<typeof options>;

const LEAST_LEAD = 10;

async function rotateRealm(
  { environment, output }: CommandContext,
  { realm, lead, now, reason, json, ...others }: Values,
): Promise<number> {
  if (others['new-master-key-file'] !== undefined)
    throw new UsageError('--new-master-key-file needs --master.', HELP);
  if (lead < LEAST_LEAD)
    throw new UsageError(`--lead must be at least ${LEAST_LEAD}; for emergencies: --now.`, HELP);
  const settings = keySettings(environment);
  const { MasterKey, rotateRealmKeys } = await parts();
  const rotated = await withDatabaseUrl(settings, { output }, (url) =>
    withPool(url, (pool) =>
      rotateRealmKeys(pool, new MasterKey(settings.masterKey), {
        realm,
        mode: now ? 'immediate' : 'scheduled',
        lead,
        reason,
        now: Date.now(),
      }),
    ),
  );
  const what = now ? 'withdrew' : 'takes the place of';
  output.print(
    json
      ? JSON.stringify(rotated)
      : `${realm}: ${rotated.kid} signs from ${rotated.activates_at} on; ${what} ${rotated.replaced.join(', ') || 'nothing'}`,
  );
  return 0;
}

async function rotateMaster(
  { environment, output }: CommandContext,
  { 'new-master-key-file': file, now, reason, json }: Values,
): Promise<number> {
  if (file === undefined) throw new UsageError('--master needs --new-master-key-file.', HELP);
  if (now) throw new UsageError('--master and --now do not go together.', HELP);
  const settings = keySettings(environment);
  const fresh = readKey(file);
  if (fresh.equals(settings.masterKey)) throw new UsageError(`${file} holds the present master key.`, HELP);
  const { MasterKey, rewrapKeys } = await parts();
  const rotated = await withDatabaseUrl(settings, { output }, (url) =>
    withPool(url, (pool) =>
      rewrapKeys(pool, new MasterKey(settings.masterKey), new MasterKey(fresh), { reason, now: Date.now() }),
    ),
  );
  if (json) {
    output.print(JSON.stringify(rotated));
    return 0;
  }
  const { sealing_keys: sealing, signing_keys: signing, cookie_keys: cookies } = rotated;
  output.print(`wrapped ${sealing} sealing keys, ${signing} signing keys and ${cookies} cookie keys anew`);
  output.print(`Now start every instance with MASTER_KEY_FILE=${file}, then run clientele doctor with it.`);
  output.print('Keep the old master key as long as you keep backups that were made before.');
  return 0;
}

/** @throws UsageError */
function readKey(file: string): Buffer {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`, HELP);
  }
  const key = keyMaterial.safeParse(text);
  if (!key.success) throw new UsageError(`${file}: its content ${key.error.issues[0]?.message}.`, HELP);
  return key.data;
}

async function parts() {
  const [{ MasterKey }, { rotateRealmKeys }, { rewrapKeys }] = await Promise.all([
    import('../platform/crypto/master-key.js'),
    import('./keys/rotate-realm-keys.js'),
    import('./keys/rewrap-keys.js'),
  ]);
  return { MasterKey, rotateRealmKeys, rewrapKeys };
}
