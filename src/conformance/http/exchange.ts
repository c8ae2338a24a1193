/** A request as it is sent. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request with the answer to it. */
export interface Exchange {
  readonly request: HttpRequest;
  readonly status: number;
  readonly headers: Headers;
  /** The body of the answer. */
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  readonly json: unknown;
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The body of an answer as a JSON object; an empty one when it is none. */
export function answerOf({ json }: Exchange): JsonObject {
  return isObject(json) ? json : {};
}

/** What an answer begins with, for a sentence. */
export function statusOf({ status, text, json }: Exchange): string {
  const { error } = isObject(json) ? json : {};
  if (typeof error === 'string') return `the answer was ${status} ${error}`;
  return `the answer was ${status}${text === '' ? ' with an empty body' : ''}`;
}

/** Whether a header holds a word in its list, whatever its case. */
export function headerHas({ headers }: Exchange, name: string, word: string): boolean {
  const words = (headers.get(name) ?? '').toLowerCase().split(',');
  return words.some((each) => each.trim() === word.toLowerCase());
}

/** Whether the body is declared to be JSON. */
export function isJsonAnswer({ headers }: Exchange): boolean {
  return /^application\/json\s*(;|$)/i.test(headers.get('content-type') ?? '');
}
