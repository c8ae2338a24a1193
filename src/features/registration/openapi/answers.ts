import { HttpException } from '@nestjs/common';
import type { JsonObject } from '../../../contract/json.js';
import type { Rejection } from '../../../domain/rejection.js';
import { rejection } from '../../../domain/metadata/rejection/metadata-rejection.js';
import { errorAnswer } from '../../../platform/http/error-answer.js';
import { oauthErrorBody } from '../../../platform/http/error-bodies.js';
import { oauthErrorAnswer } from '../oauth-error.js';

/** Headers by the name they have among the components. */
export const HEADERS: Readonly<Record<string, JsonObject>> = {
  'Cache-Control': {
    description: 'Nothing here may be kept.',
    schema: { type: 'string', const: 'no-store' },
  },
  'X-Request-Id': {
    description:
      'Names the request in logs and events: the one you sent (8 to 128 of A-Z a-z 0-9 . _ -), or a new one.',
    schema: { type: 'string' },
  },
  ETag: {
    description: 'The version of the client, for If-Match.',
    schema: { type: 'string', pattern: '^"[0-9]+"$', examples: ['"1"'] },
  },
  'WWW-Authenticate': {
    description: 'A bearer challenge (RFC 6750 section 3); without an error code when no token came.',
    schema: { type: 'string', pattern: '^Bearer( |$)' },
  },
  'Retry-After': {
    description: 'Seconds to wait.',
    schema: { type: 'integer', minimum: 0 },
  },
  Allow: { description: 'The methods that this address answers.', schema: { type: 'string' } },
};

const EVERY_ANSWER = ['Cache-Control', 'X-Request-Id'];

interface Answer {
  readonly description: string;
  /** Beside those of every answer. */
  readonly headers?: readonly string[];
  /** Name of the schema of the body; null for an empty one. */
  readonly schema?: 'ClientInformation' | null;
  /** By name; bodies that the service itself made. */
  readonly examples?: Readonly<Record<string, object>>;
}

const registered = {
  client_id: 'c_01zDy4L0w2femm7tuiPoIg',
  client_id_issued_at: 1795514038,
  redirect_uris: ['http://localhost/callback'],
  token_endpoint_auth_method: 'none',
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  application_type: 'native',
  client_name: 'Claude Code (weather)',
  scope: 'mcp:tools',
  registration_client_uri: 'https://clients.example.com/register/c_01zDy4L0w2femm7tuiPoIg',
  registration_access_token: 'rat_7Lv3cS0w1pM2zE9xqk5YhN4tUeB8aRjD6fGoWiVsXmQ',
  client_status: 'active',
};

/** Every answer of the registration API, by its name among the components. */
export const ANSWERS = {
  Registered: {
    description: 'The client is registered; `client_status` says whether it waits for a person first.',
    headers: ['ETag'],
    schema: 'ClientInformation',
    examples: { registered },
  },
  Configuration: {
    description: 'What is registered now.',
    headers: ['ETag'],
    schema: 'ClientInformation',
    examples: { registered },
  },
  Deleted: { description: 'The client, its secret and its tokens are dead at once.', schema: null },
  BadRequest: {
    description:
      'The body is malformed, a member is refused (`field`, `reason`), or the policy denies the registration (`violations`).',
    examples: {
      'member refused': refusal({
        kind: 'metadata',
        rejection: rejection('uri_with_fragment', 'redirect_uris', 0),
      }),
      'denied by the policy': refusal({
        kind: 'denied_by_policy',
        decisionId: '01a2070a-30ff-7dd5-8ad9-bd011fae0623',
        violations: [
          {
            rule: 'redirect_hosts',
            code: 'redirect_host_denied',
            field: 'redirect_uris',
            params: { host: 'app.evil.example' },
          },
        ],
      }),
      'malformed body': refusal({
        kind: 'malformed_body',
        description: 'the request has no body; a JSON object is needed',
      }),
    },
  },
  Unauthorized: {
    description: 'A token is needed, or the one that came is not good here. Also: the client does not exist.',
    headers: ['WWW-Authenticate'],
    examples: {
      'no initial access token': refusal({ kind: 'initial_access_token_missing' }),
      'wrong initial access token': refusal({ kind: 'initial_access_token_refused' }),
      'wrong registration access token': refusal({
        kind: 'registration_access_token_refused',
        presented: true,
      }),
    },
  },
  Forbidden: {
    description: 'Registration is closed, the token does not go this far, or the client is suspended.',
    examples: {
      closed: refusal({ kind: 'registration_closed' }),
      suspended: refusal({ kind: 'client_suspended' }),
    },
  },
  MethodNotAllowed: {
    description: 'This address does not answer this method.',
    headers: ['Allow'],
    examples: { method: failure(405) },
  },
  Conflict: {
    description:
      'A request with this Idempotency-Key has made a client already: `client_id` names it, secrets are gone.',
    examples: { repeated: refusal({ kind: 'already_registered', clientId: registered.client_id }) },
  },
  PreconditionFailed: {
    description: 'The client is no longer at the version that If-Match names.',
    examples: { changed: refusal({ kind: 'registration_changed' }) },
  },
  PayloadTooLarge: {
    description: 'The body is larger than 64 KiB.',
    examples: { large: failure(413) },
  },
  UriTooLong: {
    description: 'The address is longer than that of any client.',
    examples: { long: failure(414) },
  },
  UnsupportedMediaType: {
    description: 'The body is not application/json.',
    examples: { form: failure(415) },
  },
  UnprocessableContent: {
    description: 'This Idempotency-Key came with another body before.',
    examples: { reused: refusal({ kind: 'idempotency_key_reused' }) },
  },
  TooManyRequests: {
    description: 'Too many requests; nothing was judged.',
    headers: ['Retry-After'],
    examples: { later: failure(429) },
  },
  ServiceUnavailable: {
    description: 'The policy or the database cannot answer. Nothing was registered.',
    headers: ['Retry-After'],
    examples: { later: failure(503) },
  },
} as const satisfies Readonly<Record<string, Answer>>;

export type AnswerName = keyof typeof ANSWERS;

/** An answer as a Response Object of OpenAPI. */
export function responseObject({ description, headers = [], schema, examples }: Answer): JsonObject {
  const names = [...EVERY_ANSWER, ...headers];
  return {
    description,
    headers: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }])),
    ...(schema !== null && {
      content: {
        'application/json': {
          schema: { $ref: `#/components/schemas/${schema ?? 'Error'}` },
          ...(examples && {
            examples: Object.fromEntries(
              Object.entries(examples).map(([name, value]) => [
                name.replaceAll(' ', '_'),
                { summary: name, value },
              ]),
            ) as JsonObject,
          }),
        },
      },
    }),
  };
}

function refusal(refused: Rejection): object {
  return oauthErrorAnswer(refused).body;
}

function failure(status: number): object {
  return oauthErrorBody(errorAnswer(new HttpException('', status))).body;
}
