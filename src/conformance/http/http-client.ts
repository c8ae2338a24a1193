import { setTimeout as delay } from 'node:timers/promises';
import type { Exchange, HttpRequest } from './exchange.js';

/** Nothing answered. */
export class Unreachable extends Error {
  constructor(url: string, reason: string) {
    super(`${url} does not answer: ${reason}`);
    this.name = 'Unreachable';
  }
}

export interface HttpClientOptions {
  /** For one request with its answer, in milliseconds. */
  readonly timeoutMs: number;
  /** The longest pause that a server may ask for with 429, in milliseconds. */
  readonly longestPauseMs: number;
  /** Told when the client pauses. */
  readonly note: (line: string) => void;
  /** Waits for a number of milliseconds. */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
}

/** How often a request is sent again that was answered with 429. */
const REPEATS = 3;
/** Where a 429 names no time, RFC 6585 section 4. */
const USUAL_PAUSE_MS = 1_000;

/**
 * Sends one request. Redirects are answers like any other. A 429 is waited out where its `Retry-After` is short enough.
 *
 * @throws Unreachable when there is no answer in time
 */
export type SendRequest = (request: HttpRequest) => Promise<Exchange>;

export function createHttpClient(options: HttpClientOptions): SendRequest {
  const pause = options.pause ?? ((milliseconds: number) => delay(milliseconds));
  return async function send(request) {
    for (let repeat = 0; ; repeat += 1) {
      const exchange = await sendOnce(request, options.timeoutMs);
      if (exchange.status !== 429 || repeat === REPEATS) return exchange;
      const wait = retryAfter(exchange.headers.get('retry-after'));
      if (wait > options.longestPauseMs) return exchange;
      options.note(`The server limits its rate: waiting ${Math.ceil(wait / 1_000)} s as it asks.`);
      await pause(wait);
    }
  };
}

async function sendOnce(request: HttpRequest, timeoutMs: number): Promise<Exchange> {
  const { method, url, headers, body } = request;
  try {
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      headers: { Accept: 'application/json', 'User-Agent': 'clientele-conformance', ...headers },
      ...(body === undefined ? {} : { body: new TextEncoder().encode(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    return { request, status: response.status, headers: response.headers, text, json: parsed(text) };
  } catch (error) {
    throw new Unreachable(url, reasonOf(error));
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  if (!(cause instanceof Error)) return message;
  return cause.message || (cause as NodeJS.ErrnoException).code || message;
}

/** Milliseconds, from seconds or a date (RFC 9110 section 10.2.3). */
function retryAfter(value: string | null): number {
  if (value === null) return USUAL_PAUSE_MS;
  const milliseconds = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isFinite(milliseconds) ? Math.max(milliseconds, 0) : USUAL_PAUSE_MS;
}
