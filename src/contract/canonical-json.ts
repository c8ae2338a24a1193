/** Strings that stand in JSON as they are: printable ASCII without the quotation mark and the backslash. */
const UNESCAPED = /^[ !#-[\]-~]*$/;

/** Nearly all member names come from a few hundred; the bound is for those that clients make up. */
const MOST_KNOWN_NAMES = 1_000;
const writtenNames = new Map<string, string>();

/**
 * The RFC 8785 (JCS) text of a JSON value: members sorted by UTF-16 code units, ECMAScript number and string forms, no
 * whitespace. Members whose value is `undefined` are left out, as JSON.stringify does.
 *
 * @param value a JSON value no deeper than the input limits allow; strings must be well-formed UTF-16
 * @throws TypeError for what JSON cannot carry: non-finite numbers, lone surrogates, functions, symbols, bigints
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return canonicalString(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError('canonical JSON has no form for a non-finite number');
      return String(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? canonicalArray(value) : canonicalObject(value as Record<string, unknown>);
    default:
      throw new TypeError(`canonical JSON has no form for a ${typeof value}`);
  }
}

// Texts grow by concatenation throughout: pieces that are collected and joined take twice as long.

function canonicalArray(items: readonly unknown[]): string {
  let text = '';
  for (const item of items) text += text === '' ? canonicalJson(item) : `,${canonicalJson(item)}`;
  return `[${text}]`;
}

function canonicalObject(members: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(members);
  if (!areSorted(names)) names.sort();
  let text = '';
  for (const name of names) {
    const member = members[name];
    if (member === undefined) continue;
    text += text === '' ? writtenName(name) : `,${writtenName(name)}`;
    text += canonicalJson(member);
  }
  return `{${text}}`;
}

function areSorted(names: readonly string[]): boolean {
  return names.every((name, index) => index === 0 || names[index - 1]! < name);
}

function writtenName(name: string): string {
  const known = writtenNames.get(name);
  if (known !== undefined) return known;
  const written = `${canonicalString(name)}:`;
  if (writtenNames.size < MOST_KNOWN_NAMES) writtenNames.set(name, written);
  return written;
}

function canonicalString(text: string): string {
  if (UNESCAPED.test(text)) return `"${text}"`;
  // RFC 8785 section 3.2.2.2: a lone surrogate must end the process with an error, never be escaped.
  if (!text.isWellFormed()) throw new TypeError('canonical JSON has no form for a lone surrogate');
  return JSON.stringify(text);
}
