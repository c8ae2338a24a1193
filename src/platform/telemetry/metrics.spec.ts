import { describe, expect, it } from 'vitest';
import { Metrics } from './metrics.js';
import { metricsTable, type MetricRow } from './metrics-table.js';

const rows = Object.entries<MetricRow>(metricsTable);

describe('the metrics table', () => {
  it('is what the registry has, row by row', () => {
    const { registry } = new Metrics();
    for (const [, row] of rows) {
      expect(registry.getSingleMetric(row.name)).toMatchObject({
        type: row.kind,
        help: row.help,
        labelNames: row.labels,
      });
    }
  });

  it.each(rows)('names %s as Prometheus does', (_, { kind, name, help, buckets }) => {
    expect(name).toMatch(/^clientele_[a-z_]+$/);
    expect(name.endsWith('_total')).toBe(kind === 'counter');
    expect(name).not.toMatch(/_(ms|milliseconds|minutes|bytes_total_total)$/);
    expect(help).not.toBe('');
    expect(buckets !== undefined).toBe(kind === 'histogram');
  });

  it('begins counters at 0 where their labels are known', async () => {
    const text = await new Metrics().exposition();
    expect(text).toContain('clientele_append_conflicts_total 0');
    expect(text).toContain('clientele_policy_unavailable_total{reason="deadline"} 0');
    expect(text).toContain(
      'clientele_token_requests_total{grant="authorization_code",outcome="invalid_grant"} 0',
    );
  });

  it('shows everything else when a sampler fails', async () => {
    const metrics = new Metrics();
    metrics.sample(() => Promise.reject(new Error('no answer')));
    metrics.sample(() => metrics.relayLeader.set(1));
    expect(await metrics.exposition()).toContain('clientele_relay_leader 1');
  });

  it('counts the time in which the event loop worked', async () => {
    const metrics = new Metrics();
    const active = async () =>
      Number(/^clientele_event_loop_active_seconds_total (\S+)$/m.exec(await metrics.exposition())?.[1]);
    const before = await active();
    for (let now = performance.now(); performance.now() - now < 20;);
    expect((await active()) - before).toBeGreaterThan(0.015);
  });
});
