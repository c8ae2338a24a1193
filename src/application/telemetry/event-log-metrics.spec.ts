import { describe, expect, it } from 'vitest';
import { Scrape } from '../../../test/support/scrape.js';
import type { AppendCall, AppendResult } from '../../platform/event-log/append-call.js';
import type { ObservedBatch } from '../../platform/event-log/event-log.js';
import { Metrics } from '../../platform/telemetry/metrics.js';
import { countBatch } from './event-log-metrics.js';

const committed = (...types: string[]) =>
  ({
    committed: true,
    position: 1,
    events: types.map((type) => ({ type })),
    heads: [],
  }) as unknown as AppendResult;
const lost: AppendResult = {
  committed: false,
  conflict: { kind: 'version', stream: 'client:default:a', version: 2 },
};

async function counted(batch: Pick<ObservedBatch, 'results' | 'error'>, calls: number): Promise<Scrape> {
  const metrics = new Metrics();
  countBatch(metrics, {
    calls: Array.from({ length: calls }, () => ({}) as AppendCall),
    seconds: 0.004,
    ...batch,
  });
  return new Scrape(await metrics.exposition());
}

describe('a statement of the event log', () => {
  it('counts its appends, the events that were committed, and the appends that lost', async () => {
    const results = [
      committed('client.registered', 'initial_access_token.consumed'),
      lost,
      committed('client.registered'),
    ];
    const scrape = await counted({ results }, 3);
    expect(scrape.value('clientele_append_batch_calls_sum')).toBe(3);
    expect(scrape.value('clientele_append_duration_seconds_sum')).toBe(0.004);
    expect(scrape.value('clientele_append_conflicts_total')).toBe(1);
    expect(scrape.value('clientele_append_failures_total')).toBe(0);
    expect(scrape.value('clientele_events_appended_total', { type: 'client.registered' })).toBe(2);
    expect(scrape.value('clientele_events_appended_total')).toBe(3);
  });

  it('that failed has failed for every append in it', async () => {
    const scrape = await counted({ results: [], error: new Error('no answer') }, 5);
    expect(scrape.value('clientele_append_failures_total')).toBe(5);
    expect(scrape.value('clientele_events_appended_total')).toBeUndefined();
  });
});
