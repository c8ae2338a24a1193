import { describe, expect, it } from 'vitest';
import { Scrape } from '../../../test/support/scrape.js';
import { Metrics } from '../../platform/telemetry/metrics.js';
import { countEvaluation, samplePolicyHost } from './policy-host-metrics.js';

const bundle = (digit: string, tripped: boolean) => ({ digest: digit.repeat(64), revision: 'r', tripped });

describe('the policy host', () => {
  it('counts questions without an answer by their reason', async () => {
    const metrics = new Metrics();
    countEvaluation(metrics, { digest: 'a', result: { unavailable: 'deadline' }, duration: 250 });
    countEvaluation(metrics, { digest: 'a', result: { outcome: 'allow' }, duration: 1 });
    const scrape = new Scrape(await metrics.exposition());
    expect(scrape.value('clientele_policy_unavailable_total', { reason: 'deadline' })).toBe(1);
    expect(scrape.value('clientele_policy_unavailable_total')).toBe(1);
    expect(scrape.value('clientele_policy_evaluation_duration_seconds_sum')).toBe(0.251);
  });

  it('shows what rests, and forgets bundles that were unloaded', async () => {
    const metrics = new Metrics();
    samplePolicyHost(metrics, {
      waiting: 3,
      replacements: 2,
      bundles: [bundle('a', true), bundle('b', false)],
    });
    samplePolicyHost(metrics, { waiting: 1, replacements: 2, bundles: [bundle('a', true)] });
    const scrape = new Scrape(await metrics.exposition());
    expect(scrape.value('clientele_policy_evaluations_waiting')).toBe(1);
    expect(scrape.value('clientele_policy_thread_replacements_total')).toBe(2);
    expect(scrape.value('clientele_policy_bundle_tripped', { bundle: 'aaaaaaaaaaaa' })).toBe(1);
    expect(scrape.value('clientele_policy_bundle_tripped', { bundle: 'bbbbbbbbbbbb' })).toBeUndefined();
  });
});
