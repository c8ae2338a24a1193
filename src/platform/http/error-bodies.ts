import type { ErrorAnswer } from './error-answer.js';

/** A body and its media type. */
export interface ErrorBody {
  readonly contentType: string;
  readonly body: object;
}

/** RFC 6749 section 5.2 and RFC 7591 section 3.2.2: what every OAuth path answers, on every failure. */
export function oauthErrorBody({ error, description, more }: ErrorAnswer): ErrorBody {
  return { contentType: 'application/json', body: { error, error_description: description, ...more } };
}

/** RFC 9457: what the admin API answers. */
export function problemDetails({ status, error, description, more }: ErrorAnswer): ErrorBody {
  return {
    contentType: 'application/problem+json',
    body: {
      type: `urn:clientele:problem:${error}`,
      title: error.replaceAll('_', ' '),
      status,
      detail: description,
      ...more,
    },
  };
}
