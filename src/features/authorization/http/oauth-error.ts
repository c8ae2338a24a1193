import type { FastifyReply } from 'fastify';
import { errorAnswer } from '../../../platform/http/error-answer.js';

/** An error as OAuth endpoints answer it (RFC 6749 section 5.2). */
export interface OAuthError {
  readonly status: number;
  readonly error: string;
  /** ASCII, for developers; says nothing about the inside. */
  readonly description: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers an error as JSON. */
export function sendOAuthError(
  reply: FastifyReply,
  { status, error, description, headers }: OAuthError,
): FastifyReply {
  return reply
    .code(status)
    .headers({
      'content-type': 'application/json',
      'cache-control': 'no-store',
      pragma: 'no-cache',
      ...headers,
    })
    .send(JSON.stringify({ error, error_description: description }));
}

/** What the service's catalogue says in the words of JSON endpoints. */
const FOR_FORMS: Readonly<Record<number, string>> = {
  413: 'the form is larger than 56 KiB',
  415: 'the body must be sent as application/x-www-form-urlencoded',
};

/** What a failure before oidc-provider looks like from outside. */
export function oauthErrorOf(failure: unknown): OAuthError {
  const answer = errorAnswer(failure);
  return { ...answer, description: FOR_FORMS[answer.status] ?? answer.description };
}
