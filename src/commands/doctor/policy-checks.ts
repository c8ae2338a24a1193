import type { Pool } from 'pg';
import { PriorStandings } from '../../application/admission/prior-standings.js';
import { EvaluateRegistrationHandler } from '../../application/policies/evaluate-registration.handler.js';
import { EvaluateRegistration } from '../../application/policies/evaluate-registration.query.js';
import { PolicyBindings } from '../../application/policies/policy-bindings.js';
import { PolicyStore } from '../../application/policies/policy-store.js';
import { reservedMembers } from '../../application/policies/reserved-members.js';
import { PostgresRealmRegistry } from '../../application/realms/postgres-realm-registry.js';
import { Clock } from '../../platform/clock.js';
import { PolicyHost } from '../../platform/opa/policy-host.js';
import { fail, ok, warn, type DatabaseCheck, type Finding } from './check.js';

/** What a native client on somebody's machine sends: every policy has an opinion on it. */
const SAMPLE = {
  client_name: 'Doctor',
  redirect_uris: ['http://127.0.0.1:8765/callback'],
  token_endpoint_auth_method: 'none',
};
const NOBODY = { kind: 'anonymous', method: null, token_id: null, constraints: null, ip: null } as const;

/** Whether every realm's policy gives decisions. */
export const policyChecks: readonly DatabaseCheck[] = [
  {
    name: 'policy',
    after: ['schema'],
    async run({ client }) {
      const { rows } = await client.query<{ name: string }>('select name from realms order by name');
      if (rows.length === 0) {
        return warn(
          'no realm is configured yet',
          'The first start of the service configures the default realm.',
        );
      }
      const host = new PolicyHost({ protocolMembers: reservedMembers });
      const pool = client as unknown as Pool;
      const handler = new EvaluateRegistrationHandler(
        new PostgresRealmRegistry(pool),
        new PolicyBindings(new PolicyStore(pool), host),
        host,
        new Clock(),
        new PriorStandings(pool),
      );
      try {
        const findings: Finding[] = [];
        for (const { name } of rows) findings.push(await evaluateSample(handler, name));
        return findings;
      } finally {
        await host.close();
      }
    },
  },
];

async function evaluateSample(handler: EvaluateRegistrationHandler, realm: string): Promise<Finding> {
  const check = `policy of ${realm}`;
  try {
    const evaluation = await handler.execute(new EvaluateRegistration(realm, SAMPLE, NOBODY));
    if ('rejection' in evaluation) {
      return { check, ...ok(`loads; the sample is refused before it: ${evaluation.rejection.reason}`) };
    }
    const { decision, bundleDigest, durationMicroseconds } = evaluation;
    const time = `${(durationMicroseconds / 1000).toFixed(1)} ms`;
    return {
      check,
      ...ok(`${decision.outcome} for a sample in ${time}, bundle ${bundleDigest.slice(0, 12)}`),
    };
  } catch (error) {
    const advice =
      'Nothing is admitted in this realm. Activate a policy that works; the one before is named in policy.activated.';
    return { check, ...fail((error as Error).message, advice) };
  }
}
