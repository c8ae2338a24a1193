import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import type { ClientMetadata } from '../../contract/client-metadata.js';
import type { ClientState } from '../../domain/client/client-state.js';
import { priorStanding } from '../../domain/client/prior-standing.js';
import type { PriorFacts, PriorFinding } from '../../domain/policy/policy-input.js';
import { POOL } from '../../platform/database/pool.js';
import type { Guard } from '../../platform/event-log/append-call.js';
import { metadataFingerprint } from './metadata-fingerprint.js';

/** What is known to stand against a registration, and the guards that make its append rely on exactly that. */
export interface KnownStanding {
  /** Undefined where nobody looked: nothing is taken to stand against it then. */
  readonly prior: PriorFacts | undefined;
  readonly guards: readonly Guard[];
}

type StandingKey = Pick<Guard, 'key'> & { readonly kind: keyof PriorFacts };

/**
 * Holds and denials that stand against a registration. Hardly any has one, so none is looked up beforehand: the append is
 * guarded, and only a registration that lost to a guard has its facts loaded and is judged again.
 */
@Injectable()
export class PriorStandings {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  /** What a first attempt goes by: nothing stands against the client, which its append verifies. */
  assumeNone(metadata: ClientMetadata, previous?: ClientMetadata): KnownStanding {
    return { prior: undefined, guards: standingKeys(metadata, previous).map((key) => guard(key, null)) };
  }

  /** Looks up what stands against a client with this metadata. */
  async find(realm: string, metadata: ClientMetadata, previous?: ClientMetadata): Promise<KnownStanding> {
    const keys = standingKeys(metadata, previous);
    const { rows } = await this.pool.query<StandingRow>({
      name: 'prior_standing',
      text: `select k.kind, s.found, d.record
             from unnest($2::text[], $3::text[]) as k(kind, key)
             cross join lateral guarded_state(k.kind, $1, k.key, clock_timestamp()) s
             join client_directory d on d.stream = s.stream`,
      values: [realm, keys.map(({ kind }) => kind), keys.map(({ key }) => key)],
    });
    const found = new Map(rows.map((row) => [row.kind, row]));
    return {
      prior: { fingerprint: finding(found.get('fingerprint')), software: finding(found.get('software')) },
      guards: keys.map((key) => guard(key, found.get(key.kind)?.found ?? null)),
    };
  }
}

interface StandingRow {
  readonly kind: keyof PriorFacts;
  readonly found: string;
  readonly record: ClientState;
}

/**
 * What a client is recognised by.
 *
 * @param previous what a replacement replaces: what stays as it is was judged before, and is not held against the client now
 */
function standingKeys(metadata: ClientMetadata, previous?: ClientMetadata): readonly StandingKey[] {
  const fingerprint = metadataFingerprint(metadata);
  if (previous && metadataFingerprint(previous) === fingerprint) return [];
  const keys: StandingKey[] = [{ kind: 'fingerprint', key: fingerprint }];
  const { software_id: software } = metadata.members;
  if (typeof software === 'string' && software !== previous?.members['software_id'])
    keys.push({ kind: 'software', key: software });
  return keys;
}

function guard({ kind, key }: StandingKey, found: string | null): Guard {
  return { kind, key, found, streamType: 'client' };
}

function finding(row: StandingRow | undefined): PriorFinding | null {
  const standing = row && priorStanding(row.record);
  if (!standing) return null;
  return { outcome: standing.outcome, reference: row.record.client_id, since: standing.since };
}
