import { describe, expect, it } from 'vitest';
import { judge } from './bars.mjs';
import { round, spread } from './numbers.mjs';
import { recordResult } from './results-file.mjs';
import { table } from './table.mjs';

describe('a number', () => {
  it.each([
    [0.123, '0.12'],
    [9.876, '9.88'],
    [12.34, '12.3'],
    [1234.5, '1,235'],
    [0, '0.00'],
  ])('%d is written %s', (value, text) => {
    expect(round(value)).toBe(text);
  });

  it('of several runs is their median with the extremes', () => {
    expect(spread([3000, 1000, 1500])).toBe('1,500 (1,000–3,000)');
    expect(spread([5])).toBe('5.00');
  });
});

describe('a table', () => {
  it('has aligned columns and a row for every row', () => {
    expect(
      table(
        ['what', '>how much'],
        [
          ['a | b', '1'],
          ['c', '1,000'],
        ],
      ),
    ).toBe(
      [
        '| what   | how much |',
        '| ------ | -------: |',
        '| a \\| b |        1 |',
        '| c      |    1,000 |',
        '',
      ].join('\n'),
    );
  });
});

const run = (rate: number, p99 = 10) => ({ rate, p50: 1, p99 });
const registration = (rows: Record<string, ReturnType<typeof run>[]>) => [
  {
    id: 'registration-public-32',
    title: '',
    rows: Object.entries(rows).map(([contestant, runs]) => ({ contestant, runs })),
  },
];

describe('a bar', () => {
  const of = (results: object[], text: string) =>
    judge(results).find((verdict) => verdict.text.includes(text));

  it('compares medians of the same scenario', () => {
    const slow = [run(100), run(300), run(200)];
    expect(
      of(
        registration({ Clientele: [run(500), run(1), run(900)], 'oidc-provider': slow }),
        '2.5 × oidc-provider',
      ),
    ).toMatchObject({ measured: 2.5, met: true });
    expect(
      of(registration({ Clientele: [run(499)], 'oidc-provider': slow }), '2.5 × oidc-provider'),
    ).toMatchObject({ met: false });
  });

  it('with an upper limit is met below it', () => {
    expect(of(registration({ Clientele: [run(1, 49.9)] }), 'p99 under 50 ms')).toMatchObject({ met: true });
    expect(of(registration({ Clientele: [run(1, 50)] }), 'p99 under 50 ms')).toMatchObject({ met: false });
  });

  it('is left out when its scenario did not run', () => {
    expect(judge([])).toEqual([]);
  });

  it('whose peer did not run is left out as well', () => {
    expect(of(registration({ Clientele: [run(1)] }), 'oidc-provider')).toBeUndefined();
  });
});

describe('the history', () => {
  it('has the newest result first, below what introduces it', () => {
    const first = recordResult('# Results\n\nIntroduction.\n', '## one\n\ntext\n');
    expect(first).toBe('# Results\n\nIntroduction.\n\n## one\n\ntext\n');
    expect(recordResult(first, '## two\n')).toBe('# Results\n\nIntroduction.\n\n## two\n\n## one\n\ntext\n');
  });
});
