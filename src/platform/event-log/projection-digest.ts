import { createHash } from 'node:crypto';
import type pg from 'pg';
import { canonicalJson } from '../../contract/canonical-json.js';

const PAGE = 5_000;

/**
 * SHA-256 over the canonical dump of a projected table: every row as RFC 8785 JSON, in the order of the streams, a line
 * each. Two tables with one digest answer every question alike.
 *
 * @returns digest as hex, and the number of rows
 */
export async function projectionDigest(
  client: pg.ClientBase | pg.Pool,
  table: string,
): Promise<{ readonly digest: string; readonly rows: number }> {
  const hash = createHash('sha256');
  let rows = 0;
  let after = '';
  for (;;) {
    const page = await client.query<{ stream: string; row: object }>(
      `select stream, to_jsonb(t) as row from ${table} t where stream > $1 order by stream limit $2`,
      [after, PAGE],
    );
    for (const { row } of page.rows) hash.update(`${canonicalJson(row)}\n`);
    rows += page.rows.length;
    if (page.rows.length < PAGE) return { digest: hash.digest('hex'), rows };
    after = page.rows.at(-1)!.stream;
  }
}
