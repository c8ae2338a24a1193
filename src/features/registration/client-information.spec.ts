import { describe, expect, test } from 'vitest';
import { aClientState, aCredential, metadataWith } from '../../../test/support/client-events.js';
import type { RegisteredClient } from '../../application/client-configuration/registered-client.js';
import type { ClientState } from '../../domain/client/client-state.js';
import { clientInformation } from './client-information.js';

const ISSUER = 'https://clients.example';
const answer = (overrides: Partial<ClientState> = {}, more: Partial<RegisteredClient> = {}): object =>
  clientInformation(
    {
      state: aClientState({ created_at: '2026-11-23T10:00:00.999Z', ...overrides }),
      version: 1,
      secret: null,
      registrationAccessToken: 'rat_text',
      ...more,
    },
    ISSUER,
  );

describe('R-61 a client information response', () => {
  test('is everything that was registered, in whole seconds', () => {
    const metadata = metadataWith('none', { client_name: 'Name' });
    expect(answer({ metadata: { ...metadata, custom: { cost_center: '4711' } } })).toEqual({
      client_id: 'c_1',
      client_id_issued_at: Date.parse('2026-11-23T10:00:00.000Z') / 1000,
      ...metadata.members,
      cost_center: '4711',
      registration_client_uri: 'https://clients.example/register/c_1',
      registration_access_token: 'rat_text',
      client_status: 'active',
    });
  });

  test.each(['pending', 'active'] as const)('says that the client is %s', (status) => {
    expect(answer({ status })).toMatchObject({ client_status: status });
  });

  test('never shows a digest or anything else that is only for the service', () => {
    const credential = { ...aCredential('public-id'), digest: 'canary-digest' };
    const text = JSON.stringify(answer({ secrets: [credential], registration_access_token: credential }));
    expect(text).not.toMatch(/canary|public-id|obligations|constraints|decision/);
  });
});

describe('a secret', () => {
  const at = (expires_at: string | null) => ({ secrets: [aCredential('s_1', expires_at)] });

  test('R-63 has its expiry in seconds beside it, 0 where it never expires', () => {
    const secret = 'cs_text';
    expect(answer(at(null), { secret })).toMatchObject({
      client_secret: 'cs_text',
      client_secret_expires_at: 0,
    });
    expect(answer(at('2026-11-24T10:00:00.999Z'), { secret })).toMatchObject({
      client_secret_expires_at: Date.parse('2026-11-24T10:00:00.000Z') / 1000,
    });
  });

  test('R-63 of several is the newest', () => {
    const secrets = [aCredential('s_1', '2026-11-24T10:00:00.000Z'), aCredential('s_2')];
    expect(answer({ secrets })).toMatchObject({ client_secret_expires_at: 0 });
  });

  test('that is not new is not shown, its expiry is', () => {
    expect(answer(at(null))).not.toHaveProperty('client_secret');
    expect(answer(at(null))).toHaveProperty('client_secret_expires_at', 0);
  });

  test('R-56 that does not exist has no member and no expiry', () => {
    expect(answer()).not.toHaveProperty('client_secret');
    expect(answer()).not.toHaveProperty('client_secret_expires_at');
  });
});

describe('R-68 the two members of RFC 7592', () => {
  test('are both there or both not', () => {
    expect(answer()).toMatchObject({
      registration_client_uri: `${ISSUER}/register/c_1`,
      registration_access_token: 'rat_text',
    });
    const without = answer({}, { registrationAccessToken: null });
    expect(without).not.toHaveProperty('registration_client_uri');
    expect(without).not.toHaveProperty('registration_access_token');
  });

  test('C5 name the issuer and nothing that a client_id could smuggle in', () => {
    const { registration_client_uri } = answer({ client_id: 'https://a.example/x?y#z' }) as Record<
      string,
      string
    >;
    expect(registration_client_uri).toBe(`${ISSUER}/register/https%3A%2F%2Fa.example%2Fx%3Fy%23z`);
  });
});

describe('a replacement under review', () => {
  const inForce = metadataWith('none', { client_name: 'Name', client_uri: 'https://app.example/' });
  const asked = {
    ...metadataWith('none', { client_name: 'Name', redirect_uris: ['https://other.example/cb'] }),
    custom: { cost_center: '4711' },
  };
  const pending_change = {
    submitted_at: '2026-11-23T11:00:00.000Z',
    metadata: asked,
    obligations: {},
    reviews: [],
    warnings: [],
    decision: null,
  };

  test('leaves the body what is in force, and names the members that would change, be new or be gone', () => {
    const body = answer({ metadata: inForce, pending_change }) as Record<string, unknown>;
    expect(body).toMatchObject(inForce.members);
    expect(body).not.toHaveProperty('cost_center');
    const { submitted_at, fields } = body['pending_change'] as { submitted_at: number; fields: string[] };
    expect(submitted_at).toBe(Date.parse('2026-11-23T11:00:00.000Z') / 1000);
    expect(fields.toSorted()).toEqual(['client_uri', 'cost_center', 'redirect_uris']);
  });

  test('is not spoken of where there is none', () => {
    expect(answer({ metadata: inForce })).not.toHaveProperty('pending_change');
  });
});
