/** An Idempotency-Key header as it was presented; null = the request has none. */
export type PresentedIdempotencyKey =
  { readonly ok: true; readonly key: string } | { readonly ok: false; readonly description: string } | null;

const LONGEST = 255;
/** RFC 9651 section 3.3.3: printable ASCII in quotation marks, in which `"` and `\` are escaped. */
const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;
/** What many clients send instead of a structured field: the bare key. */
const bare = /^[\x21\x23-\x7e][\x21-\x7e]*$/;

/**
 * Reads an Idempotency-Key header (draft-ietf-httpapi-idempotency-key-header section 2.1): a quoted string, or the same
 * without the quotation marks. `"abc"` and `abc` are one key.
 */
export function presentedIdempotencyKey(header: string | string[] | undefined): PresentedIdempotencyKey {
  if (header === undefined) return null;
  const value = (Array.isArray(header) ? header.join(', ') : header).trim();
  const key = quoted.exec(value)?.[1]?.replaceAll(/\\(.)/g, '$1') ?? bare.exec(value)?.[0] ?? '';
  if (key.length >= 1 && key.length <= LONGEST) return { ok: true, key };
  return {
    ok: false,
    description: `the Idempotency-Key header must hold one key of 1 to ${LONGEST} printable ASCII characters`,
  };
}
