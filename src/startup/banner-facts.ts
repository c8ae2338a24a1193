import path from 'node:path';
import type { Configuration } from '../platform/config/configuration.js';
import { serviceVersion } from '../platform/telemetry/build-info.js';
import type { Readiness, ReadinessReport } from '../platform/telemetry/readiness.js';
import type { BannerFacts } from './banner.js';

/** What only the start itself knows. */
export interface StartFacts {
  readonly adminToken: 'created' | 'kept' | 'given';
  readonly embedded: boolean;
  readonly milliseconds: number;
}

const DEFAULT_REALM = 'default';

/** Gathers what the banner tells. Every part of the service that registered a readiness check with a detail has a row. */
export function bannerFacts(
  configuration: Configuration,
  report: ReadinessReport,
  facts: StartFacts,
): BannerFacts {
  const directory = shortPath(configuration.dataDirectory);
  const tokenTexts = {
    created: `${configuration.adminToken}  (shown once, kept in ${directory}/admin-token)`,
    kept: `kept in ${directory}/admin-token`,
    given: 'from ADMIN_TOKEN',
  };
  return {
    version: serviceVersion,
    publicUrl: configuration.publicUrl,
    realm: DEFAULT_REALM,
    adminToken: tokenTexts[facts.adminToken],
    milliseconds: facts.milliseconds,
    rows: [
      ['Admin API', `${configuration.publicUrl}/admin/v1`],
      ['Data', facts.embedded ? `${directory}/  (embedded PostgreSQL)` : serverOf(configuration.databaseUrl)],
      [
        'Kafka',
        configuration.kafka ? configuration.kafka.brokers.join(', ') : 'not set: events wait in the log',
      ],
      ...Object.entries(report.checks).flatMap(([name, readiness]) => checkRow(name, readiness)),
    ],
  };
}

/** As seen from the working directory, unless it lies elsewhere. */
function shortPath(directory: string): string {
  const relative = path.relative(process.cwd(), directory);
  return relative === '' || relative.startsWith('..') ? directory : relative;
}

function checkRow(name: string, readiness: Readiness): [string, string][] {
  const text = readiness.ready ? readiness.detail : `not ready: ${readiness.reason}`;
  return text === undefined ? [] : [[`${name.charAt(0).toUpperCase()}${name.slice(1)}`, text]];
}

function serverOf(databaseUrl: string | undefined): string {
  if (databaseUrl === undefined) return 'none';
  const { host, pathname } = new URL(databaseUrl);
  return `PostgreSQL at ${host}${pathname}`;
}
