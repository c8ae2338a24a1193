import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Metrics } from '../../src/platform/telemetry/metrics.js';

interface Panel {
  readonly title: string;
  readonly type: string;
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly { readonly expr: string }[];
}

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
}

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

const dashboard = JSON.parse(read('deploy/grafana/clientele.json')) as { panels: Panel[] };
const alerts = parse(read('deploy/prometheus/alerts.yml')) as { groups: { rules: Rule[] }[] };
const tests = parse(read('deploy/prometheus/alerts.test.yml')) as {
  tests: { alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] }[];
};
const rules = alerts.groups.flatMap((group) => group.rules);
const panels = dashboard.panels.filter(({ type }) => type !== 'row');

/** Every metric that a process exposes, with the series of histograms, and the labels of ours. */
const exposed = (() => {
  const metrics = new Map<string, readonly string[] | null>();
  for (const metric of new Metrics().registry.getMetricsAsArray()) {
    const { name, labelNames } = metric as unknown as { name: string; labelNames: readonly string[] };
    const labels = name.startsWith('clientele_') ? labelNames : null;
    for (const suffix of ['', '_bucket', '_sum', '_count']) metrics.set(`${name}${suffix}`, labels);
  }
  return metrics;
})();

/** Prometheus puts these on every series itself. */
const FROM_PROMETHEUS = new Set(['job', 'instance', 'le']);

/** Metrics that a query names but nothing exposes, and labels that its metric does not have. */
function unknownNames(expression: string): string[] {
  const named = [...expression.matchAll(/\b((?:clientele|nodejs|process)_\w+)(?:\{([^}]*)\})?/g)];
  if (named.length === 0) return ['no metric at all'];
  return named.flatMap(([, name, selector = '']) => {
    const labels = exposed.get(name!);
    if (labels === undefined) return [name!];
    const used = [...selector.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label]) => label!);
    return labels === null
      ? []
      : used
          .filter((label) => !labels.includes(label) && !FROM_PROMETHEUS.has(label))
          .map((label) => `${name!}{${label}}`);
  });
}

describe('the dashboard', () => {
  it.each(panels.map((panel) => [panel.title, panel] as const))(
    '%s asks for metrics that exist',
    (_, panel) => {
      const expressions = panel.targets?.map(({ expr }) => expr) ?? [];
      expect(expressions).not.toEqual([]);
      expect(expressions.flatMap(unknownNames)).toEqual([]);
      for (const expr of expressions) expect(expr).toContain('instance=~"$instance"');
      expect(panel.datasource?.uid).toBe('${datasource}');
    },
  );

  it('shows every metric of ours', () => {
    const text = JSON.stringify(dashboard);
    const ours = new Metrics().registry.getMetricsAsArray().map(({ name }) => name);
    expect(ours.filter((name) => name.startsWith('clientele_') && !text.includes(name))).toEqual([
      'clientele_relay_configured',
    ]);
  });
});

describe('an alert', () => {
  it.each(rules.map((rule) => [rule.alert, rule] as const))(
    '%s asks for what exists, and says what to do',
    (_, rule) => {
      expect(unknownNames(rule.expr)).toEqual([]);
      expect(rule.labels['severity']).toMatch(/^(critical|warning)$/);
      expect(rule.annotations['summary']).toBeTruthy();
      expect(rule.annotations['description']).toMatch(/\.$/);
      const anchor = rule.alert.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      expect(rule.annotations['runbook']).toBe(`docs/operations.md#alert${anchor}`);
    },
  );

  it('is tested when it fires and when it does not', () => {
    const outcomes = tests.tests.flatMap((test) =>
      test.alert_rule_test.map(({ alertname, exp_alerts }) => `${alertname} ${exp_alerts.length > 0}`),
    );
    for (const { alert } of rules) {
      expect(outcomes).toContain(`${alert} true`);
      expect(outcomes).toContain(`${alert} false`);
    }
  });
});
