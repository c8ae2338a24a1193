import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { z } from 'zod';
import type { JsonObject } from '../../contract/json.js';
import { InvalidPolicyBundle } from './invalid-policy-bundle.js';

/** The rule that every bundle must offer, and the only one that is ever evaluated. */
export const ENTRYPOINT = 'admission/decision';

/** Most bytes that a bundle may unpack to. */
export const LARGEST_UNPACKED_BUNDLE = 64 * 1024 * 1024;

/** A bundle in OPA's own format (`opa build -t wasm`), unpacked; nothing of it has run yet. */
export interface PolicyBundle {
  /** SHA-256 of the file, lower-case hex: the bundle's identity. */
  readonly digest: string;
  /** What the author called it; the beginning of the digest where the author called it nothing. */
  readonly revision: string;
  readonly wasm: Uint8Array;
  /** The base documents: `data` as rules see it. */
  readonly data: JsonObject;
}

const FILES = ['.manifest', 'data.json', 'policy.wasm'] as const;
type BundleFile = (typeof FILES)[number];

const MANIFEST = z.object({
  revision: z.string().max(256).default(''),
  wasm: z.array(z.object({ entrypoint: z.string(), module: z.string() })),
});
const DATA = z.record(z.string(), z.unknown());

/**
 * Unpacks a bundle file.
 *
 * @param file the `.tar.gz` as it was uploaded or read
 * @throws InvalidPolicyBundle for everything that is no bundle with the entrypoint `admission/decision`
 */
export async function readBundle(file: Buffer): Promise<PolicyBundle> {
  const files = await unpack(await decompress(file));
  const manifest = parse('manifest', MANIFEST, files.get('.manifest'), '.manifest');
  const module = manifest.wasm.find(({ entrypoint }) => entrypoint === ENTRYPOINT)?.module;
  if (module !== '/policy.wasm' && module !== 'policy.wasm') {
    throw new InvalidPolicyBundle('manifest', `the bundle has no WebAssembly entrypoint ${ENTRYPOINT}`);
  }
  const digest = createHash('sha256').update(file).digest('hex');
  return {
    digest,
    revision: manifest.revision || digest.slice(0, 12),
    wasm: present(files.get('policy.wasm'), 'policy.wasm'),
    data: parse('data', DATA, files.get('data.json'), 'data.json') as JsonObject,
  };
}

async function decompress(file: Buffer): Promise<Buffer> {
  try {
    return await promisify(gunzip)(file, { maxOutputLength: LARGEST_UNPACKED_BUNDLE });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new InvalidPolicyBundle(
        'too_large',
        `the bundle unpacks to more than ${LARGEST_UNPACKED_BUNDLE} bytes`,
      );
    }
    throw new InvalidPolicyBundle('archive', 'the bundle is not a gzip file');
  }
}

async function unpack(archive: Buffer): Promise<Map<BundleFile, Buffer>> {
  const files = new Map<BundleFile, Buffer>();
  try {
    const entries = Readable.from([archive]).pipe(extract());
    for await (const entry of entries) {
      const name = bundleFile(entry.header.name);
      if (name === undefined || entry.header.type !== 'file') {
        entry.resume();
        continue;
      }
      if (files.has(name)) throw new InvalidPolicyBundle('archive', `the bundle holds ${name} twice`);
      files.set(name, await buffer(entry));
    }
  } catch (error) {
    if (error instanceof InvalidPolicyBundle) throw error;
    throw new InvalidPolicyBundle('archive', 'the bundle is not a tar archive');
  }
  return files;
}

/** OPA writes names with a leading slash, other tools without. */
function bundleFile(name: string): BundleFile | undefined {
  const bare = name.replace(/^(\.?\/)/, '');
  return FILES.find((file) => file === bare);
}

function parse<T>(
  fault: 'manifest' | 'data',
  shape: z.ZodType<T>,
  bytes: Buffer | undefined,
  name: BundleFile,
): T {
  const text = present(bytes, name).toString('utf8');
  try {
    return shape.parse(JSON.parse(text));
  } catch {
    throw new InvalidPolicyBundle(fault, `${name} of the bundle is not what OPA writes`);
  }
}

function present(bytes: Buffer | undefined, name: BundleFile): Buffer {
  if (bytes === undefined) throw new InvalidPolicyBundle('missing_file', `the bundle holds no ${name}`);
  return bytes;
}
