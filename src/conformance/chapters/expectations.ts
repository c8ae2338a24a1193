import {
  answerOf,
  isJsonAnswer,
  isObject,
  statusOf,
  type Exchange,
  type JsonObject,
} from '../http/exchange.js';
import { expectThat } from '../outcome.js';

/** The codes of RFC 7591 section 3.2.2. */
export const registrationErrors = [
  'invalid_redirect_uri',
  'invalid_client_metadata',
  'invalid_software_statement',
  'unapproved_software_statement',
] as const;

export const isRefusal = ({ status }: Exchange): boolean => status >= 400 && status < 500;

/** The server says no, whatever words it finds. */
export function expectRefusal(exchange: Exchange, what: string): void {
  expectThat(isRefusal(exchange), `${what} is refused with 400`, statusOf(exchange), exchange);
}

/** @returns the members of the answer */
export function expectRegistered(exchange: Exchange, what: string): JsonObject {
  const answer = answerOf(exchange);
  expectThat(
    exchange.status === 201 || exchange.status === 200,
    `${what} is registered`,
    statusOf(exchange),
    exchange,
  );
  return answer;
}

/** An error as RFC 7591 section 3.2.2 describes it: JSON, one ASCII code, ASCII words. */
export function expectErrorBody(exchange: Exchange): void {
  expectThat(
    isJsonAnswer(exchange) && isObject(exchange.json),
    'the error is a JSON object with content type application/json',
    `content type ${exchange.headers.get('content-type') ?? 'missing'}`,
    exchange,
  );
  const { error, error_description: description } = exchange.json;
  expectThat(
    typeof error === 'string' && ASCII.test(error),
    'error is one ASCII string',
    `error is ${shown(error)}`,
    exchange,
  );
  expectThat(
    description === undefined || (typeof description === 'string' && ASCII.test(description)),
    'error_description, where there is one, is ASCII text',
    `error_description is ${shown(description)}`,
    exchange,
  );
}

const ASCII = /^[\x20-\x7e\r\n\t]+$/;

/** A value for a sentence, shortened. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'missing' : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

/** Whether two JSON values are the same, the order of members aside. */
export function sameJson(left: unknown, right: unknown): boolean {
  return canonical(left) === canonical(right);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    isObject(each)
      ? Object.fromEntries(Object.entries(each).sort(([left], [right]) => (left < right ? -1 : 1)))
      : each,
  );
}
