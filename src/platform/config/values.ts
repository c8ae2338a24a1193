import { isIP } from 'node:net';
import { z } from 'zod';

/** The kinds of values that variables have. Every message finishes the sentence "NAME …". */

/** `https://host[:port]` or `http://…`, and nothing behind it. */
export const origin = parsed((text) => {
  const url = parseUrl(text);
  if (!url || !['http:', 'https:'].includes(url.protocol)) return problem('must be an http or https URL');
  if (url.username !== '' || url.password !== '')
    return problem('must not contain a user name or a password');
  if (/[?#]/.test(text)) return problem('must not have a query or a fragment');
  if (url.pathname !== '/') {
    return problem(
      'must not have a path: every realm answers below its root. Give Clientele a host name of its own',
    );
  }
  return url.origin;
});

export const host = parsed((text) =>
  /^[^\s/]+$/.test(text) ? text : problem('must be an address or a host name'),
);

export const port = parsed((text) => {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return number <= 65_535 ? number : problem('must be a number between 0 and 65535');
});

/** A number of things, none included. */
export const count = parsed((text) =>
  /^\d{1,9}$/.test(text) ? Number(text) : problem('must be a whole number between 0 and 999999999'),
);

export const postgresUrl = parsed((text) => {
  const url = parseUrl(text);
  return url && ['postgres:', 'postgresql:'].includes(url.protocol)
    ? text
    : problem('must be a URL like postgres://user:password@host:5432/database');
});

/** Base64 or base64url of at least 32 bytes. */
export const keyMaterial = parsed((text) => {
  const bytes = /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : Buffer.alloc(0);
  return bytes.length >= 32
    ? bytes
    : problem('must be at least 32 bytes in base64. Make one with: openssl rand -base64 32');
});

/** RFC 6750 section 2.1: b64token. */
export const bearerToken = parsed((text) =>
  /^[A-Za-z0-9._~+/-]+=*$/.test(text)
    ? text
    : problem(
        'may only have letters, digits and - . _ ~ + /, as a bearer token. Make one with: openssl rand -hex 32',
      ),
);

export const hostAndPort = parsed((text) =>
  /^(\[[0-9a-fA-F:.]+\]|[^\s:/,]+):\d{1,5}$/.test(text)
    ? text
    : problem(`has "${text}", which is not host:port`),
);

/** An IP address, or one with a prefix length. */
export const addressRange = parsed((text) => {
  const [address = '', prefix, ...rest] = text.split('/');
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  const valid =
    bits > 0 &&
    rest.length === 0 &&
    (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits));
  return valid ? text : problem(`has "${text}", which is neither an IP address nor a CIDR range`);
});

export const flag = parsed((text) => {
  const known: Record<string, boolean> = { true: true, '1': true, false: false, '0': false };
  return Object.hasOwn(known, text) ? (known[text] as boolean) : problem('must be true or false');
});

/** One of a few words. */
export function oneOf<const Word extends string>(words: readonly Word[]): z.ZodType<Word, string> {
  return parsed(
    (text) =>
      words.find((word) => word === text) ?? problem(`must be one of ${words.join(', ')}, not "${text}"`),
  );
}

/** Values separated by commas, at least one. */
export function list<Item>(item: z.ZodType<Item, string>): z.ZodType<readonly Item[], string> {
  return z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .pipe(z.array(item).min(1, { error: 'must name at least one' }));
}

class Problem {
  constructor(readonly message: string) {}
}

function problem(message: string): Problem {
  return new Problem(message);
}

function parsed<Value>(read: (text: string) => Value | Problem): z.ZodType<Value, string> {
  return z.string().transform((text, context) => {
    const result = read(text.trim());
    if (!(result instanceof Problem)) return result;
    context.addIssue({ code: 'custom', message: result.message });
    return z.NEVER;
  });
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
