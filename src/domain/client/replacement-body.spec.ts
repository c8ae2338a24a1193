import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../contract/json.js';
import { replacementBodyFault } from './replacement-body.js';

const isCurrentSecret = (text: string): boolean => text === 'cs_current';
const fault = (body: JsonObject) => replacementBodyFault(body, 'c_1', isCurrentSecret);

describe('the body of an update', () => {
  test.each<[string, JsonObject]>([
    ['with the client_id of the client', { client_id: 'c_1' }],
    ['with the current secret', { client_id: 'c_1', client_secret: 'cs_current' }],
    ['with a null for the secret, which says nothing', { client_id: 'c_1', client_secret: null }],
  ])('%s is fine', (_, body) => {
    expect(fault(body)).toBeUndefined();
  });

  test.each<[string, JsonObject, string]>([
    ['M-21 without client_id', {}, 'client_id'],
    ['M-21 with another client_id', { client_id: 'c_2' }, 'client_id'],
    ['M-21 with a client_id in an array', { client_id: ['c_1'] }, 'client_id'],
    [
      'M-23 with a secret of its own choice',
      { client_id: 'c_1', client_secret: 'cs_chosen' },
      'client_secret',
    ],
    ['M-23 with a secret that is no text', { client_id: 'c_1', client_secret: 5 }, 'client_secret'],
    [
      'M-23 with the current secret in an array',
      { client_id: 'c_1', client_secret: ['cs_current'] },
      'client_secret',
    ],
    [
      'M-22 with a registration access token',
      { client_id: 'c_1', registration_access_token: 'rat_x' },
      'registration_access_token',
    ],
    [
      'M-22 with a registration client URI',
      { client_id: 'c_1', registration_client_uri: 'https://as.example/register/c_1' },
      'registration_client_uri',
    ],
    [
      'M-22 with the expiry of a secret',
      { client_id: 'c_1', client_secret_expires_at: 0 },
      'client_secret_expires_at',
    ],
    ['M-22 with a time of issue', { client_id: 'c_1', client_id_issued_at: 1 }, 'client_id_issued_at'],
  ])('%s is refused', (_, body, field) => {
    expect(fault(body)).toMatchObject({ error: 'invalid_client_metadata', reason: 'member_refused', field });
  });

  test('never repeats a value that the client sent', () => {
    const sent = { client_id: 'canary-id', client_secret: 'canary-secret' };
    const answers = [fault(sent), fault({ ...sent, client_id: 'c_1' })];
    for (const answer of answers) expect(JSON.stringify(answer)).not.toContain('canary');
  });
});
