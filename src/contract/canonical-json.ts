/**
 * The RFC 8785 (JCS) text of a JSON value: members sorted by UTF-16 code units, ECMAScript number and string forms, no
 * whitespace. Members whose value is `undefined` are left out, as JSON.stringify does.
 *
 * @param value a JSON value no deeper than the input limits allow; strings must be well-formed UTF-16
 * @throws TypeError for what JSON cannot carry: non-finite numbers, lone surrogates, functions, symbols, bigints
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return canonicalString(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('canonical JSON has no form for a non-finite number');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object') {
    const members: string[] = [];
    for (const name of Object.keys(value).sort()) {
      const member = (value as Record<string, unknown>)[name];
      if (member !== undefined) members.push(`${canonicalString(name)}:${canonicalJson(member)}`);
    }
    return `{${members.join(',')}}`;
  }
  throw new TypeError(`canonical JSON has no form for a ${typeof value}`);
}

function canonicalString(text: string): string {
  // RFC 8785 section 3.2.2.2: a lone surrogate must end the process with an error, never be escaped.
  if (!text.isWellFormed()) throw new TypeError('canonical JSON has no form for a lone surrogate');
  return JSON.stringify(text);
}
