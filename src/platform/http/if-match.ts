/** What `If-Match` asks for (RFC 9110 section 13.1.1): that there is something, or that it has one of these entity tags. */
export type IfMatch =
  | { readonly kind: 'anything' }
  | { readonly kind: 'one_of'; readonly tags: readonly string[] }
  | { readonly kind: 'malformed' };

/** One element of the list with what follows it; a recipient puts up with empty ones (RFC 9110 section 5.6.1.2). */
const ELEMENT = /[\t ]*(?:((?:W\/)?"[\x21\x23-\x7e\x80-\xff]*")[\t ]*)?(?:,|$)/y;

/** The strong entity tag of a version (RFC 9110 section 8.8.3). */
export function entityTag(version: number): string {
  return `"${version}"`;
}

/**
 * Reads an `If-Match` header.
 *
 * @returns null where there is none; weak tags are kept, and match nothing
 */
export function readIfMatch(header: string | undefined): IfMatch | null {
  if (header === undefined) return null;
  if (header.trim() === '*') return { kind: 'anything' };
  const tags: string[] = [];
  for (let at = 0; at < header.length; at = ELEMENT.lastIndex) {
    ELEMENT.lastIndex = at;
    const element = ELEMENT.exec(header);
    if (!element) return { kind: 'malformed' };
    if (element[1] !== undefined) tags.push(element[1]);
  }
  return tags.length > 0 ? { kind: 'one_of', tags } : { kind: 'malformed' };
}

/** Whether a version is what was asked for, by strong comparison (RFC 9110 section 8.8.3.2). */
export function ifMatchHolds(ifMatch: IfMatch | null, version: number): boolean {
  if (ifMatch?.kind === 'one_of') return ifMatch.tags.includes(entityTag(version));
  return ifMatch?.kind !== 'malformed';
}
