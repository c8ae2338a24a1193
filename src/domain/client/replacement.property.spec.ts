import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aCredential, aDecision, recorded } from '../../../test/support/client-events.js';
import { metadataBody } from '../../../test/support/metadata-arbitrary.js';
import { parseOptions } from '../../../test/support/metadata-parsing.js';
import type { ClientMetadata } from '../../contract/client-metadata.js';
import type { JsonObject } from '../../contract/json.js';
import { clientInformationMembers } from '../metadata/client-information.js';
import { parseClientMetadata } from '../metadata/parse-client-metadata.js';
import type { ClientState } from './client-state.js';
import { projectClient } from './project-client.js';
import { needsSecret, registerClient } from './register-client.js';
import { replaceClient } from './replace-client.js';

const accepted = (body: JsonObject): ClientMetadata => {
  const result = parseClientMetadata(body, parseOptions());
  fc.pre(result.ok);
  return result.metadata;
};

function registered(metadata: ClientMetadata): ClientState {
  const [event] = registerClient({
    client_id: 'c_1',
    channel: 'dynamic',
    metadata,
    decision: aDecision('allow'),
    secret: needsSecret(metadata) ? aCredential('s_1') : null,
    registration_access_token: aCredential('rat_1'),
    initial_access_token: null,
    expires_at: null,
  });
  return projectClient(undefined, recorded(event!))!;
}

function replaced(state: ClientState, metadata: ClientMetadata): ClientState {
  const [event] = replaceClient(state, {
    metadata,
    decision: aDecision('allow'),
    unchanged: false,
    now: Date.parse('2026-11-23T10:00:00.000Z'),
    secret: aCredential('s_2'),
    registration_access_token: aCredential('rat_1'),
  });
  return projectClient(state, recorded(event!))!;
}

/** Which secret it is may differ; that there is one may not. */
const withoutIds = ({ secrets, ...state }: ClientState) => ({ ...state, secrets: secrets.length });

test('M-20 M-29 whatever a client was, after a replacement it is what registering the replacement makes', () => {
  fc.assert(
    fc.property(fc.array(metadataBody, { maxLength: 3 }), metadataBody, (before, last) => {
      const wanted = registered(accepted(last));
      const history = [...before.map(accepted), accepted(last)];
      const state = history.slice(1).reduce(replaced, registered(history[0]!));
      expect(withoutIds(state)).toEqual(withoutIds(wanted));
      expect(clientInformationMembers(state.metadata)).toEqual(clientInformationMembers(wanted.metadata));
    }),
    { numRuns: 500 },
  );
});

test('the bodies are mostly accepted, and differ', () => {
  const bodies = fc.sample(metadataBody, 300);
  const results = bodies.map((body) => parseClientMetadata(body, parseOptions()));
  const different = new Set(results.map((result) => JSON.stringify(result.ok && result.metadata)));
  expect(results.filter(({ ok }) => ok).length).toBeGreaterThan(100);
  expect(different.size).toBeGreaterThan(80);
});
