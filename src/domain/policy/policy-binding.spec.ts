import { describe, expect, test } from 'vitest';
import { recorded } from '../../../test/support/client-events.js';
import { clientRegistered } from '../../../test/support/event-builders.js';
import { projectPolicyBinding } from './policy-binding.js';

const activated = (bundle_digest: string) =>
  recorded(
    {
      type: 'policy.activated',
      data: { bundle_digest, revision: `revision of ${bundle_digest}`, previous_digest: null, reason: null },
    },
    { realm: 'payroll' },
  );

describe('the policy of a realm', () => {
  test('is the one that was activated last', () => {
    const first = projectPolicyBinding(undefined, activated('b1'));
    expect(projectPolicyBinding(first, activated('b2'))).toEqual({
      realm: 'payroll',
      active_digest: 'b2',
      revision: 'revision of b2',
      activated_at: '2026-11-23T10:00:00.000Z',
    });
  });

  test('is not moved by any other event', () => {
    const binding = projectPolicyBinding(undefined, activated('b1'));
    expect(projectPolicyBinding(binding, recorded(clientRegistered('c_1')))).toBe(binding);
    expect(projectPolicyBinding(undefined, recorded(clientRegistered('c_1')))).toBeUndefined();
  });
});
