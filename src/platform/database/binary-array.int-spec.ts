import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/postgres.js';
import { binaryArray, type ArrayElementType } from './binary-array.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: false });
});

afterAll(async () => {
  await database.drop();
});

/** What the server understood, read back in the text format. */
async function understood(type: ArrayElementType, elements: readonly unknown[]): Promise<unknown[]> {
  const { rows } = await database.pool.query<{ element: unknown }>(
    `select element${type === 'json' ? '::text' : ''} from unnest($1::${type}[]) with ordinality as u(element, n) order by n`,
    [binaryArray(type, elements)],
  );
  return rows.map((row) => row.element);
}

/** PostgreSQL's text cannot hold the character U+0000. */
const text = fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', '').toWellFormed());

describe('an array in the binary format arrives as it was sent', () => {
  it.each<[ArrayElementType, fc.Arbitrary<unknown>]>([
    ['text', text],
    ['int', fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })],
    ['uuid', fc.uuid()],
    ['bytea', fc.uint8Array().map((bytes) => Buffer.from(bytes))],
    ['json', text.map((value) => JSON.stringify({ value }))],
  ])('of %s', async (type, element) => {
    await fc.assert(
      fc.asyncProperty(fc.array(element), async (elements) => {
        expect(await understood(type, elements)).toEqual(elements);
      }),
      { numRuns: 50 },
    );
  });

  it('of none', async () => {
    expect(await understood('bytea', [])).toEqual([]);
    expect(await understood('text', [])).toEqual([]);
  });
});

it.each<[ArrayElementType, unknown, RegExp]>([
  ['uuid', 'not a uuid', /no UUID/],
  ['uuid', '0'.repeat(36), /no UUID/],
  ['int', 2 ** 31, /out of range/],
])('what is no %s is refused: %s', (type, element, why) => {
  expect(() => binaryArray(type, [element])).toThrow(why);
});
