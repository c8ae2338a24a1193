import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/contract/json.js';
import { foreignMembers, registrationBody } from '../support/registration-bodies.js';
import { aLoopbackClient, anUnknownHostClient } from '../support/registrations.js';
import { startTestService, type TestService } from '../support/service.js';

/** The same family of threats through the real handlers, from the wire to the directory's row. */

/** Each run is a handful of requests on a real database. */
const RUNS = { numRuns: 25 };

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

interface Registered extends Record<string, unknown> {
  readonly client_id: string;
  readonly registration_access_token: string;
}

const outcomes = { active: 'allow', pending: 'review' } as const;

/** What became of a registration: the policy's word, or that it never got there. */
async function register(
  body: JsonObject,
  headers: Record<string, string> = {},
): Promise<{ outcome: 'allow' | 'review' | 'deny' | 'malformed'; client?: Registered; row?: DirectoryRow }> {
  const response = await service.register(body, headers);
  if (response.status === 400) {
    const answer = (await response.json()) as JsonObject;
    return { outcome: 'violations' in answer ? 'deny' : 'malformed' };
  }
  expect(response.status).toBe(201);
  const client = (await response.json()) as Registered;
  const row = await directoryRow(client.client_id);
  return { outcome: outcomes[row.status as 'active'], client, row };
}

interface DirectoryRow extends Record<string, unknown> {
  readonly status: string;
  readonly version: number;
}

async function directoryRow(clientId: string): Promise<DirectoryRow> {
  const { rows } = await service.database.pool.query<{ version: number; record: JsonObject }>(
    'select version, record from client_directory where client_id = $1',
    [clientId],
  );
  return { ...(rows[0]!.record as unknown as DirectoryRow), version: rows[0]!.version };
}

type Registration = Awaited<ReturnType<typeof register>>;

/**
 * What a PUT has to lead to.
 *
 * @param row the client before
 * @param fresh what became of a registration with the same body
 */
function dueAfter({ row, fresh }: { row: DirectoryRow; fresh: Registration }): object {
  if (!fresh.row) return { status: 400, ...standing(row) };
  const version = row.version + 1;
  const metadata = unsealed(fresh.row['metadata']);
  if (fresh.outcome === 'allow') return { status: 200, version, standing: 'active', metadata, waiting: null };
  if (row.status === 'pending') return { status: 200, version, standing: 'pending', metadata, waiting: null };
  return { status: 200, version, standing: 'active', metadata: unsealed(row['metadata']), waiting: metadata };
}

/** What is in force, and what waits for a person. */
function standing(row: DirectoryRow): object {
  const change = row['pending_change'] as { readonly metadata: unknown } | null;
  return {
    version: row.version,
    standing: row.status,
    metadata: unsealed(row['metadata']),
    waiting: change && unsealed(change.metadata),
  };
}

const put = (client: Registered, body: JsonObject) =>
  service.request(`/register/${client.client_id}`, {
    method: 'PUT',
    headers: {
      Authorization: `Bearer ${client.registration_access_token}`,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify({ ...body, client_id: client.client_id }),
  });

describe('P1 and P2: an update over HTTP', () => {
  // Chance alone seldom makes an active client ask for what needs a review, and that is what the rule is about.
  const oftenActive = fc.oneof(registrationBody, fc.constant<JsonObject>(aLoopbackClient() as JsonObject));
  const oftenReviewed = fc.oneof(
    registrationBody,
    fc.constant<JsonObject>(anUnknownHostClient() as JsonObject),
  );

  test('puts in force at once only what would have been registered at once', () =>
    fc.assert(
      fc.asyncProperty(oftenActive, oftenReviewed, async (before, after) => {
        const { client, row } = await register(before);
        fc.pre(client !== undefined && row !== undefined);
        const fresh = await register(after);
        const response = await put(client, after);

        const due = dueAfter({ row, fresh });
        expect({ status: response.status, ...standing(await directoryRow(client.client_id)) }).toEqual(due);
      }),
      RUNS,
    ));
});

describe('P5 and P11: members that nobody may set', () => {
  test('leave no trace in the directory, and the id is ours', () =>
    fc.assert(
      fc.asyncProperty(registrationBody, foreignMembers, async (body, foreign) => {
        const clean = await register(body);
        const laced = await register({ client_id: 'chosen-by-the-client', ...foreign, ...body });
        expect(laced.outcome).toBe(clean.outcome);
        if (!clean.row || !laced.row) return;
        expect(comparable(laced.row)).toEqual(comparable(clean.row));
        expect(laced.client!.client_id).toMatch(/^c_[A-Za-z0-9_-]{22}$/);
      }),
      RUNS,
    ));
});

describe('P8: what only claims to prove something', () => {
  const claims = fc.record(
    {
      'X-Forwarded-User': fc.constantFrom('admin', 'operator'),
      'X-Client-Cert': fc.constant('MIIB'),
      'Client-Cert': fc.constant(':MIIB:'),
      'OAuth-Client-Attestation': fc.constant('eyJhbGciOiJub25lIn0.e30.'),
      'Client-Assertion': fc.constant('eyJhbGciOiJub25lIn0.e30.'),
      DPoP: fc.constant('eyJhbGciOiJub25lIn0.e30.'),
    },
    { requiredKeys: [] },
  );

  test('does not reach the policy', () =>
    fc.assert(
      fc.asyncProperty(registrationBody, claims, async (body, headers) => {
        const laced = await register(
          {
            ...body,
            client_assertion: 'eyJhbGciOiJub25lIn0.e30.',
            client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          },
          headers,
        );
        expect(laced.outcome).toBe((await register(body)).outcome);
        if (!laced.row) return;
        const { decision_id } = laced.row['decision'] as { decision_id: string };
        const { rows } = await service.database.pool.query<{ body: Buffer }>(
          'select body from decision_inputs where decision_id = $1',
          [decision_id],
        );
        const { caller, statement, facts } = JSON.parse(rows[0]!.body.toString()) as JsonObject;
        expect(caller).toMatchObject({ kind: 'anonymous', method: null, token_id: null, constraints: null });
        expect({ statement, facts }).toEqual({ statement: null, facts: {} });
      }),
      RUNS,
    ));
});

describe('P10: an anonymous client', () => {
  test('is stored as untrusted, and its users are always asked', () =>
    fc.assert(
      fc.asyncProperty(registrationBody, async (body) => {
        const { row } = await register(body);
        fc.pre(row !== undefined);
        expect(row).toMatchObject({ obligations: { require_consent: true, trust: 'untrusted' } });
      }),
      RUNS,
    ));
});

/** What two clients that were registered alike have in common: all but identity, time, credentials and seals. */
function comparable(row: DirectoryRow): JsonObject {
  const { metadata, status, channel, holds, constraints, obligations, initial_access_token, expires_at } =
    row as JsonObject;
  return {
    metadata: unsealed(metadata!),
    status,
    channel,
    holds,
    constraints,
    obligations,
    initial_access_token,
    expires_at,
    findings: { reviews: row['reviews'], warnings: row['warnings'] },
    credentials: { secrets: (row['secrets'] as unknown[]).length },
  } as JsonObject;
}

/** Sealed contacts differ each time they are sealed. */
function unsealed(metadata: unknown): unknown {
  const { members, custom } = metadata as { members: JsonObject; custom: JsonObject };
  return {
    members: {
      ...members,
      ...('contacts' in members ? { contacts: expect.anything() as unknown as string } : {}),
    },
    custom,
  };
}
