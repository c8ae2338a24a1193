import { describe, expect, test } from 'vitest';
import { streams, streamType } from './streams.js';

describe('the type of a stream', () => {
  test.each([
    [streams.client('default', 'c_1'), 'client'],
    [streams.client('default', 'https://app.example/client.json'), 'client'],
    [streams.initialAccessToken('0a1b'), 'initial_access_token'],
    [streams.realm('default'), 'realm'],
    [streams.policy('default'), 'policy'],
    [streams.stops, 'stops'],
    [streams.usage('default', 'https://app.example/client.json'), 'usage'],
    [streams.throttled('01930f6e-0000-7000-8000-000000000001'), 'throttled'],
    [streams.refusal('01930f6e-0000-7000-8000-000000000001'), 'refusal'],
  ])('%s is %s', (stream, type) => {
    expect(streamType(stream)).toBe(type);
  });
});
