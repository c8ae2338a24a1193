const REDACTED = '[redacted]';
const DEEPEST = 8;

/** Members whose value is never logged, at any depth. */
const secretMember =
  /^(authorization|proxy-authorization|cookie|set-cookie|dpop|client_secret|client_assertion|code_verifier|password|secret|master_?key|.*token)$/i;

/** Credentials by their own shape, wherever they turn up: ours by prefix, bearer and basic headers, passwords in URLs. */
const secretShapes: readonly [RegExp, string][] = [
  [/\b(cs|rat|iat)_[A-Za-z0-9_-]{20,}/g, `$1_${REDACTED}`],
  [/\b(Bearer|Basic|DPoP)\s+[A-Za-z0-9._~+/=-]{8,}/gi, `$1 ${REDACTED}`],
  // A password ends where another URL begins: a line full of beginnings must not be read to its end from each of them.
  [/(:\/\/[^\s:/@"]*:)(?:(?!:\/\/)[^\s@"])+@/g, `$1${REDACTED}@`],
];

/**
 * A copy of a log record without the values of secret members.
 *
 * @param record what was given to the logger; errors stay as they are, their serializer calls this again
 */
export function redactMembers(record: Record<string, unknown>): Record<string, unknown> {
  return copy(record, DEEPEST) as Record<string, unknown>;
}

/** A finished log line without anything that looks like a credential. */
export function redactShapes(line: string): string {
  return secretShapes.reduce((text, [shape, replacement]) => text.replace(shape, replacement), line);
}

function copy(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '[deeper]';
  if (Array.isArray(value)) return value.map((item) => copy(item, depth - 1));
  if (!isPlain(value)) return value;
  const result: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    result[name] = secretMember.test(name) && member != null ? REDACTED : copy(member, depth - 1);
  }
  return result;
}

function isPlain(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
