import type { Exchange } from './exchange.js';

/** An exchange as a report shows it: shortened, credentials masked. */
export interface ShownExchange {
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string | null;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
}

/** Longest body in a report, in characters. */
const LONGEST_BODY = 1_000;
/** The headers of an answer that some requirement is about. */
const TOLD_HEADERS = [
  'content-type',
  'cache-control',
  'pragma',
  'www-authenticate',
  'location',
  'allow',
  'retry-after',
  'access-control-allow-origin',
  'access-control-allow-methods',
  'access-control-allow-headers',
];
const CREDENTIALS = 'client_secret|registration_access_token|access_token|refresh_token|software_statement';
const IN_JSON = new RegExp(`("(?:${CREDENTIALS})"\\s*:\\s*")((?:[^"\\\\]|\\\\.)*)"`, 'g');
const IN_FORM = new RegExp(`((?:^|&)(?:${CREDENTIALS})=)([^&]*)`, 'g');

/** What a report may show of an exchange. */
export function showExchange({ request, status, headers, text }: Exchange): ShownExchange {
  const sent = Object.entries(request.headers ?? {}).map(([name, value]) => [
    name,
    name.toLowerCase() === 'authorization' ? maskCredential(value) : value,
  ]);
  const received = TOLD_HEADERS.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  return {
    request: {
      method: request.method,
      url: request.url,
      headers: Object.fromEntries(sent) as Record<string, string>,
      body: request.body === undefined ? null : shorten(mask(request.body)),
    },
    response: {
      status,
      headers: Object.fromEntries(received) as Record<string, string>,
      body: shorten(mask(text)),
    },
  };
}

/** Hides the values of credentials in a JSON or form body. */
function mask(body: string): string {
  return body.replace(IN_JSON, '$1***"').replace(IN_FORM, '$1***');
}

/** `Bearer abc` becomes `Bearer ***`. */
function maskCredential(value: string): string {
  return value.replace(/\s.*$/s, ' ***');
}

function shorten(text: string): string {
  return text.length <= LONGEST_BODY ? text : `${text.slice(0, LONGEST_BODY)}… (${text.length} characters)`;
}
