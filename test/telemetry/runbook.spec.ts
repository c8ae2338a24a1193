import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { anchorsOf } from '../support/markdown.js';

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

const { groups } = parse(read('deploy/prometheus/alerts.yml')) as {
  groups: { rules: { alert: string; labels: { severity: string }; annotations: { runbook: string } }[] }[];
};
const rules = groups.flatMap((group) => group.rules);
const operations = read('docs/operations.md');

describe('the runbook', () => {
  it.each(rules.map((rule) => [rule.alert, rule] as const))('has a section for %s', (alert, rule) => {
    const [document, anchor] = rule.annotations.runbook.split('#');
    expect(document).toBe('docs/operations.md');
    expect([...anchorsOf(operations)]).toContain(anchor);
    expect(operations).toContain(`\`${alert}\`, ${rule.labels.severity}`);
  });

  it('has no section for an alert that is gone', () => {
    const sections = [...anchorsOf(operations)].filter((anchor) => anchor.startsWith('alert-'));
    expect(sections).toEqual(rules.map(({ annotations }) => annotations.runbook.split('#')[1]));
  });
});
