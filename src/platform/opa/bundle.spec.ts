import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  changeBundle,
  packBundle,
  shippedBundle,
  unpackBundle,
} from '../../../test/support/policy-bundles.js';
import { LARGEST_UNPACKED_BUNDLE, readBundle } from './bundle.js';

const shipped = shippedBundle();
const MANIFEST = { revision: 'r1', wasm: [{ entrypoint: 'admission/decision', module: '/policy.wasm' }] };

const manifest = (changes: object): string => JSON.stringify({ ...MANIFEST, ...changes });

describe('reading a bundle', () => {
  it('takes the WebAssembly, the data and the revision out of what OPA wrote', async () => {
    const bundle = await readBundle(shipped);
    expect(Buffer.from(bundle.wasm)).toEqual((await unpackBundle(shipped)).get('/policy.wasm'));
    expect(Object.keys(bundle.data)).toEqual(['confusables', 'profiles']);
    expect(bundle.revision).toMatch(/^[0-9a-f]{12}$/);
  });

  it('identifies a bundle by the digest of its file', async () => {
    expect((await readBundle(shipped)).digest).toBe(createHash('sha256').update(shipped).digest('hex'));
  });

  it('names a bundle without a revision by its digest', async () => {
    const { revision, digest } = await readBundle(
      await changeBundle(shipped, { '/.manifest': manifest({ revision: '' }) }),
    );
    expect(revision).toBe(digest.slice(0, 12));
  });

  it.each(['', '/', './'])('finds its files under names that begin with "%s"', async (prefix) => {
    const packed = await packBundle([
      [`${prefix}.manifest`, manifest({})],
      [`${prefix}data.json`, '{"a":1}'],
      [`${prefix}policy.wasm`, 'bytes'],
    ]);
    expect(await readBundle(packed)).toMatchObject({ revision: 'r1', data: { a: 1 } });
  });
});

describe('refusing what is no bundle', () => {
  const refusals: [name: string, file: () => Buffer | Promise<Buffer>, fault: string][] = [
    ['nothing', () => Buffer.alloc(0), 'archive'],
    ['bytes that are no gzip', () => Buffer.from('{"not":"a bundle"}'), 'archive'],
    ['a gzip that breaks off', () => shipped.subarray(0, shipped.length / 2), 'archive'],
    ['a gzip with a flipped bit', () => flipped(shipped), 'archive'],
    ['a gzip of something else', () => gzipSync('no archive at all'.repeat(64)), 'archive'],
    ['an archive that breaks off', () => gzipSync(gunzipSync(shipped).subarray(0, 700)), 'archive'],
    ['a gzip bomb', () => gzipSync(Buffer.alloc(LARGEST_UNPACKED_BUNDLE + 1)), 'too_large'],
    ['an empty archive', () => packBundle([]), 'missing_file'],
    ['no WebAssembly', () => changeBundle(shipped, { '/policy.wasm': null }), 'missing_file'],
    ['no data', () => changeBundle(shipped, { '/data.json': null }), 'missing_file'],
    ['no manifest', () => changeBundle(shipped, { '/.manifest': null }), 'missing_file'],
    ['one file twice', () => changeBundle(shipped, { 'policy.wasm': 'other' }), 'archive'],
    ['data that is no JSON', () => changeBundle(shipped, { '/data.json': '{' }), 'data'],
    ['data that is a list', () => changeBundle(shipped, { '/data.json': '[]' }), 'data'],
    ['a manifest that is no JSON', () => changeBundle(shipped, { '/.manifest': 'x' }), 'manifest'],
    ['a bundle of Rego alone', () => changeBundle(shipped, { '/.manifest': '{"revision":"r"}' }), 'manifest'],
    [
      'another entrypoint',
      () =>
        changeBundle(shipped, {
          '/.manifest': manifest({ wasm: [{ entrypoint: 'other/decision', module: '/policy.wasm' }] }),
        }),
      'manifest',
    ],
    [
      'WebAssembly in another file',
      () =>
        changeBundle(shipped, {
          '/.manifest': manifest({ wasm: [{ entrypoint: 'admission/decision', module: '/../policy.wasm' }] }),
        }),
      'manifest',
    ],
  ];

  it.each(refusals)('%s', async (_, file, fault) => {
    await expect(readBundle(await file())).rejects.toMatchObject({ name: 'InvalidPolicyBundle', fault });
  });
});

function flipped(file: Buffer): Buffer {
  const copy = Buffer.from(file);
  copy.writeUInt8(copy.readUInt8(copy.length >> 1) ^ 1, copy.length >> 1);
  return copy;
}
