import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { streams } from '../../contract/streams.js';
import type { UsageState } from '../../domain/client/project-usage.js';
import { POOL } from '../../platform/database/pool.js';

/** When clients were last used, for operators. */
@Injectable()
export class LastUses {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  /**
   * @param clients of one page
   * @returns by client_id, RFC 3339; a client that was never used is missing
   */
  async of(
    clients: readonly { readonly realm: string; readonly client_id: string }[],
  ): Promise<ReadonlyMap<string, string>> {
    if (clients.length === 0) return new Map();
    const { rows } = await this.pool.query<{ record: UsageState }>({
      name: 'client_last_uses',
      text: 'select record from client_usage where stream = any ($1::text[])',
      values: [clients.map(({ realm, client_id }) => streams.usage(realm, client_id))],
    });
    return new Map(rows.map(({ record }) => [record.client_id, record.last_used_at]));
  }
}
