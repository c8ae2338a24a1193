import type { QueryConfig } from 'pg';
import { binaryArray, type ArrayElementType } from '../database/binary-array.js';
import type { AppendBatch } from './append-batch.js';

/** What `append_events` takes after the projection version and the number of calls; all of them arrays. */
const arrayTypes: readonly ArrayElementType[] = [
  ...(['text', 'int'] as const), // checks
  ...(['int', 'int'] as const), // their uses
  ...(['int', 'int', 'text'] as const), // chains
  ...(['int', 'text', 'text', 'text', 'text'] as const), // guards
  ...(['int', 'text', 'text', 'text', 'text'] as const), // claims
  ...(['int', 'uuid', 'text', 'int', 'text', 'text', 'bytea'] as const), // events
  ...(['int', 'text', 'int', 'text', 'json'] as const), // rows
  ...(['int', 'uuid', 'bytea'] as const), // decision inputs
];

const text = `select * from append_events($1, $2, ${arrayTypes.map((type, index) => `$${index + 3}::${type}[]`).join(', ')})`;

/**
 * The one statement that writes to the log: a prepared call of `append_events`.
 *
 * @param projectionVersion the shape of the rows in the batch
 * @throws TypeError, RangeError for a value that its column cannot hold
 */
export function appendStatement(projectionVersion: number, batch: AppendBatch): QueryConfig {
  const arrays = batch.arrays();
  const encoded = arrayTypes.map((type, index) => binaryArray(type, arrays[index]!));
  return { name: 'append_events', text, values: [projectionVersion, batch.size, ...encoded] };
}
