import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { extract, pack } from 'tar-stream';
import type { JsonObject } from '../../src/contract/json.js';

/** The bundle that the service ships. */
export function shippedBundle(): Buffer {
  return readFileSync(new URL('../../policies/bundle/admission.tar.gz', import.meta.url));
}

/**
 * A bundle that does what the client's name says: `loop`, `memory`, `conflict`, `allow` …; its source lies beside it.
 */
export function behavioursBundle(): Buffer {
  return readFileSync(new URL('../../src/platform/opa/fixtures/behaviours.tar.gz', import.meta.url));
}

/** A bundle that wants a function of its host. */
export function callingHostBundle(): Buffer {
  return readFileSync(new URL('../../src/platform/opa/fixtures/calling-host.tar.gz', import.meta.url));
}

/** Packs files, in the order given, as OPA does. */
export async function packBundle(
  files: readonly (readonly [name: string, content: string | Buffer])[],
): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of files) archive.entry({ name }, content);
  archive.finalize();
  return gzipSync(await buffer(archive));
}

/** The files of a bundle, by name, in their order. */
export async function unpackBundle(bundle: Buffer): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for await (const entry of Readable.from([gunzipSync(bundle)]).pipe(extract())) {
    files.set(entry.header.name, await buffer(entry));
  }
  return files;
}

/** The same bundle with some files exchanged, added, or, where the content is null, left out. */
export async function changeBundle(
  bundle: Buffer,
  changes: Readonly<Record<string, string | Buffer | null>>,
): Promise<Buffer> {
  const files = new Map<string, string | Buffer | null>([
    ...(await unpackBundle(bundle)),
    ...Object.entries(changes),
  ]);
  return packBundle([...files].filter((file): file is [string, string | Buffer] => file[1] !== null));
}

/** The same rules with other profiles. */
export async function withProfiles(bundle: Buffer, profiles: JsonObject): Promise<Buffer> {
  const data = JSON.parse((await unpackBundle(bundle)).get('/data.json')!.toString()) as JsonObject;
  return changeBundle(bundle, { '/data.json': JSON.stringify({ ...data, profiles }) });
}
