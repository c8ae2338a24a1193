import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import type { PolicyBindingState } from '../../domain/policy/policy-binding.js';
import { POOL } from '../../platform/database/pool.js';
import type { StreamHead } from '../../platform/event-log/append-call.js';

/** Bundles by digest, and which of them is active where. */
@Injectable()
export class PolicyStore {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  /** The realm's binding, as committed. */
  async findActive(realm: string): Promise<StreamHead<PolicyBindingState> | undefined> {
    const answer = await this.pool.query<{ version: number; hash: string; record: PolicyBindingState }>({
      name: 'policy_binding_lookup',
      text: 'select version, hash, record from policy_bindings where realm = $1',
      values: [realm],
    });
    const row = answer.rows[0];
    return row && { version: row.version, hash: row.hash, state: row.record };
  }

  /** Keeps a bundle for good; storing it again changes nothing. */
  async keep(bundle: {
    readonly digest: string;
    readonly revision: string;
    readonly bytes: Buffer;
  }): Promise<void> {
    await this.pool.query({
      name: 'policy_bundle_insert',
      text: 'insert into policy_bundles (digest, revision, bytes) values ($1, $2, $3) on conflict do nothing',
      values: [bundle.digest, bundle.revision, bundle.bytes],
    });
  }

  /** The bytes of a kept bundle. */
  async find(digest: string): Promise<Buffer | undefined> {
    const answer = await this.pool.query<{ bytes: Buffer }>({
      name: 'policy_bundle_select',
      text: 'select bytes from policy_bundles where digest = $1',
      values: [digest],
    });
    return answer.rows[0]?.bytes;
  }
}
