// Builds bundle files that come out the same, byte for byte, on every machine.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, gunzipSync } from 'node:zlib';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { extract, pack } from 'tar-stream';
import { BESIDE_THE_POLICY, opa } from './policy-opa.mjs';

const LARGEST_STORED_BLOCK = 0xffff;

/**
 * Builds a policy folder, tests left out.
 *
 * @param {{ source: string, revision: string, capabilities: string | null }} options `capabilities` is the file that says
 *   which built-in functions may be called; null allows all that OPA has
 * @returns {Promise<Buffer>} the bundle file
 */
export async function buildBundle({ source, revision, capabilities }) {
  const folder = mkdtempSync(join(tmpdir(), 'policy-build-'));
  try {
    const output = join(folder, 'bundle.tar.gz');
    const ignored = [...BESIDE_THE_POLICY, '*_test.rego'].flatMap((pattern) => ['--ignore', pattern]);
    const allowed = capabilities === null ? [] : ['--capabilities', capabilities];
    const target = ['--target', 'wasm', '--entrypoint', 'admission/decision', '--revision', revision];
    opa(['build', '--bundle', '.', ...target, ...allowed, ...ignored, '--output', output], source);
    return await packBundle(await unpackBundle(readFileSync(output)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Reads the files of a `.tar.gz`.
 *
 * @param {Buffer} archive
 * @returns {Promise<Map<string, Buffer>>} contents by name
 */
async function unpackBundle(archive) {
  const files = new Map();
  const entries = Readable.from([gunzipSync(archive)]).pipe(extract());
  for await (const entry of entries) files.set(entry.header.name, await buffer(entry));
  return files;
}

/**
 * Packs files in the order of their names, without owners or times. The gzip stream stores instead of compressing: what a
 * compressor makes of the same input depends on its version and even on the processor.
 *
 * @param {Map<string, Buffer>} files
 * @returns {Promise<Buffer>}
 */
async function packBundle(files) {
  const archive = pack();
  for (const name of [...files.keys()].sort()) {
    archive.entry(
      { name, mode: 0o644, mtime: new Date(0), uid: 0, gid: 0, uname: '', gname: '' },
      files.get(name),
    );
  }
  archive.finalize();
  return gzipStored(await buffer(archive));
}

/** RFC 1952 around RFC 1951 stored blocks: no name, no time, operating system "unknown". */
function gzipStored(content) {
  const blocks = [];
  for (let start = 0; start < content.length; start += LARGEST_STORED_BLOCK) {
    const block = content.subarray(start, start + LARGEST_STORED_BLOCK);
    const header = Buffer.alloc(5);
    header.writeUInt8(start + block.length === content.length ? 1 : 0, 0);
    header.writeUInt16LE(block.length, 1);
    header.writeUInt16LE(~block.length & 0xffff, 3);
    blocks.push(header, block);
  }
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(content), 0);
  trailer.writeUInt32LE(content.length, 4);
  return Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]), ...blocks, trailer]);
}
