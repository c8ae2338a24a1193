// Writes the table of metrics into the guide, or with --check fails when the table there is not current.
// Reads dist/, so build first.
import { metricsTable } from '../dist/platform/telemetry/metrics-table.js';
import { keepTable } from './generated-table.mjs';

keepTable(new URL('../docs/guides/observability.md', import.meta.url), 'metrics table', [
  ['Metric', 'Kind', 'Labels', 'What it tells'],
  ...Object.values(metricsTable).map(({ name, kind, labels, help }) => [
    `\`${name}\``,
    kind,
    labels.map((label) => `\`${label}\``).join(', '),
    help,
  ]),
]);
