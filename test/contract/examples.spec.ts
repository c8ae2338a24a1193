import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { projectClient } from '../../src/domain/client/project-client.js';
import { projectUsage } from '../../src/domain/client/project-usage.js';
import { projectInitialAccessToken } from '../../src/domain/initial-access-token/initial-access-token.js';
import { projectPolicyBinding } from '../../src/domain/policy/policy-binding.js';
import { projectRealm } from '../../src/domain/realm/project-realm.js';
import { canonicalJson } from '../../src/contract/canonical-json.js';
import { schemaVersions, type AnyEvent } from '../../src/contract/events/index.js';
import { streamType } from '../../src/contract/streams.js';

const folder = new URL('../../src/contract/examples/', import.meta.url);
const files = readdirSync(folder).sort();
const read = (file: string) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as AnyEvent;

/** Exactly these members, whatever the event: consumers may rely on every one being there. */
const envelopeMembers = [
  'actor',
  'causation_id',
  'correlation_id',
  'data',
  'event_id',
  'occurred_at',
  'policy',
  'prev_event_hash',
  'realm',
  'recorded_by',
  'request',
  'schema_version',
  'source',
  'stream',
  'traceparent',
  'type',
  'version',
];

test('every event of the catalogue has an example of the version that is written', () => {
  const written = Object.entries(schemaVersions).map(([type, version]) => `${type}.v${version}.json`);
  expect(files).toEqual(expect.arrayContaining(written));
});

describe.each(files)('%s', (file) => {
  const event = read(file);

  test('is named after its type and version and has the whole envelope', () => {
    expect(file).toBe(`${event.type}.v${event.schema_version}.json`);
    expect(Object.keys(event).sort()).toEqual(envelopeMembers);
  });

  test('has a canonical form that reads back as the same event', () => {
    expect(JSON.parse(canonicalJson(event))).toEqual(event);
  });

  test('still folds: this build reads what earlier builds wrote', () => {
    const folds = {
      client: () => projectClient(projectClient(undefined, read('client.registered.v1.json')), event),
      initial_access_token: () =>
        projectInitialAccessToken(
          projectInitialAccessToken(undefined, read('initial_access_token.issued.v1.json')),
          event,
        ),
      realm: () => projectRealm(projectRealm(undefined, read('realm.configured.v1.json')), event),
      master_key: () => event.data,
      policy: () => projectPolicyBinding(undefined, event),
      refusal: () => event.data,
      registered_again: () => event.data,
      usage: () => projectUsage(undefined, event),
      throttled: () => event.data,
    };
    const type = streamType(event.stream) as keyof typeof folds;
    expect(folds[type]()).toBeDefined();
  });
});
