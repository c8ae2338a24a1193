import { z } from 'zod';
import type { ReceivedJson } from '../../platform/http/received-json.js';
import { Problem } from '../../platform/http/problem.js';

const LONGEST_REASON = 1_000;

/** Why an operator does what they do: every change has one. */
export const reason = z
  .string({ error: 'say why, as a text' })
  .trim()
  .min(1, 'say why: the reason becomes part of the event')
  .max(LONGEST_REASON);

/** A text in a query or a body: no control characters, which no name or id here ever contains. */
export function text(longest: number): z.ZodString {
  return z
    .string()
    .max(longest)
    .regex(/^\P{Cc}*$/u, 'must not contain control characters');
}

/**
 * Reads the body of an admin request.
 *
 * @throws Problem 400 naming every member that does not fit
 */
export function adminBody<Body>(schema: z.ZodType<Body>, received: ReceivedJson | undefined): Body {
  if (received && !received.ok) throw new Problem(400, 'malformed_body', received.description);
  return parsed(schema, received?.value ?? {});
}

/**
 * Reads query parameters.
 *
 * @throws Problem 400 naming every parameter that does not fit
 */
export function adminQuery<Query>(schema: z.ZodType<Query>, query: unknown): Query {
  return parsed(schema, query);
}

function parsed<Value>(schema: z.ZodType<Value>, input: unknown): Value {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const errors = result.error.issues.map((issue) => ({
    member: issue.path.join('.'),
    problem: issue.message,
  }));
  const detail = errors.map(({ member, problem }) => (member ? `${member}: ${problem}` : problem)).join('; ');
  throw new Problem(400, 'invalid_request', detail, { errors });
}
