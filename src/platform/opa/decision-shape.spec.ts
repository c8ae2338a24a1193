import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDecision } from './decision-shape.js';

const FINDING = {
  rule: 'redirect_hosts',
  code: 'redirect_host_denied',
  field: 'redirect_uris',
  params: { host: 'evil.example' },
};
const ALLOW = { outcome: 'allow', violations: [], reviews: [], obligations: {}, warnings: [] };

const read = (changes: object): ReturnType<typeof readDecision> =>
  readDecision([{ result: { ...ALLOW, ...changes } }]);

describe('a decision', () => {
  it.each([
    ['allow', {}],
    ['allow with warnings', { warnings: [FINDING] }],
    ['review', { outcome: 'review', reviews: [FINDING] }],
    ['deny', { outcome: 'deny', violations: [FINDING] }],
    ['deny over review', { outcome: 'deny', violations: [FINDING], reviews: [FINDING] }],
    [
      'obligations',
      { obligations: { scope_ceiling: [], token_lifetime: 60, require_consent: false, trust: 'approved' } },
    ],
  ])('passes unchanged: %s', (_, changes) => {
    expect(read(changes)).toEqual({ ok: true, decision: { ...ALLOW, ...changes } });
  });
});

describe('what is no decision', () => {
  it('I13 an empty result set is undefined', () => {
    expect(readDecision([])).toMatchObject({ ok: false, reason: 'undefined' });
  });

  it.each([
    ['a permission in spite of a violation', { violations: [FINDING] }],
    ['a permission in spite of a review', { reviews: [FINDING] }],
    ['a review in spite of a violation', { outcome: 'review', violations: [FINDING], reviews: [FINDING] }],
    ['a denial without a violation', { outcome: 'deny' }],
    ['a review without a reason', { outcome: 'review' }],
    ['an unknown outcome', { outcome: 'maybe' }],
    ['no obligations', { obligations: undefined }],
    ['an unknown obligation', { obligations: { lifetime: 60 } }],
    ['a lifetime of nothing', { obligations: { token_lifetime: 0 } }],
    ['a lifetime in fractions', { obligations: { token_lifetime: 0.5 } }],
    ['a finding as text', { warnings: ['beware'] }],
    ['a finding without a code', { warnings: [{ ...FINDING, code: '' }] }],
    ['a finding without params', { warnings: [{ ...FINDING, params: undefined }] }],
    ['a finding with more', { warnings: [{ ...FINDING, text: 'beware' }] }],
    ['an unknown member', { allow: true }],
  ])('%s is malformed', (_, changes) => {
    expect(read(changes)).toMatchObject({ ok: false, reason: 'malformed' });
  });

  it('I13 no other value is ever taken for a permission', () => {
    const nearDecision = fc.record(
      {
        outcome: fc.constantFrom('allow', 'deny', true),
        violations: fc.constantFrom([], [FINDING], {}, null),
        reviews: fc.constantFrom([], [FINDING], 'none'),
        obligations: fc.constantFrom({}, [], { trust: 'full' }),
        warnings: fc.constantFrom([], [null]),
      },
      { requiredKeys: [], noNullPrototype: true },
    );
    const isPermission = (results: unknown): boolean => {
      const reading = readDecision(results);
      return reading.ok && reading.decision.outcome === 'allow';
    };
    const permission = JSON.stringify(ALLOW);
    const check = (): void =>
      fc.assert(
        fc.property(fc.oneof(fc.jsonValue(), nearDecision), (result) => {
          const whole = JSON.stringify(result) === permission;
          return isPermission([{ result }]) === whole && !isPermission(result);
        }),
        { numRuns: 2_000 },
      );
    expect(check).not.toThrow();
  });
});
