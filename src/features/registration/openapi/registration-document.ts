import type { JsonObject } from '../../../contract/json.js';
import type { RealmConfiguration } from '../../../contract/realm.js';
import { METADATA_TABLE, type MetadataMember } from '../../../domain/metadata/metadata-table.js';
import { serviceVersion } from '../../../platform/telemetry/build-info.js';
import { ANSWERS, HEADERS, responseObject, type AnswerName } from './answers.js';
import { errorSchema, VIOLATION_SCHEMA } from './error-schemas.js';
import {
  clientInformationSchema,
  clientMetadataSchema,
  clientReplacementSchema,
} from './metadata-schemas.js';
import { REQUEST_EXAMPLES } from './request-examples.js';

/** Where the document is served. Below /register every segment is a client_id, and /.well-known is for registered names. */
export const DOCUMENT_PATH = '/openapi/registration.json';

/** As much of a realm as its description depends on. */
export type DescribedRealm = Pick<RealmConfiguration, 'issuer' | 'registration'>;

const LONGEST_CLIENT_ID = 2048;
const LONGEST_IDEMPOTENCY_KEY = 255;

const STATUS: Readonly<Record<AnswerName, number>> = {
  Registered: 201,
  Configuration: 200,
  Deleted: 204,
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  MethodNotAllowed: 405,
  Conflict: 409,
  PreconditionFailed: 412,
  PayloadTooLarge: 413,
  UriTooLong: 414,
  UnsupportedMediaType: 415,
  UnprocessableContent: 422,
  TooManyRequests: 429,
  ServiceUnavailable: 503,
};

const ALWAYS: readonly AnswerName[] = [
  'BadRequest',
  'Unauthorized',
  'MethodNotAllowed',
  'TooManyRequests',
  'ServiceUnavailable',
];
const WITH_BODY: readonly AnswerName[] = ['PayloadTooLarge', 'UnsupportedMediaType'];
const REGISTERING: readonly AnswerName[] = ['Registered', 'Forbidden', 'Conflict', 'UnprocessableContent'];

/**
 * The OpenAPI 3.1 document of dynamic client registration (RFC 7591, RFC 7592) at one realm: a pure function of the metadata
 * table and the realm.
 */
export function registrationDocument(
  { issuer, registration }: DescribedRealm,
  table: readonly MetadataMember[] = METADATA_TABLE,
): JsonObject {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Clientele: dynamic client registration',
      summary: 'OAuth clients register themselves (RFC 7591) and manage their registration (RFC 7592).',
      description:
        'A policy admits a client, has a person look at it first (`client_status: pending`), or refuses it. ' +
        'Answers to scripts of other origins are readable: no cookie is ever looked at.',
      version: serviceVersion,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: issuer }],
    tags: [
      { name: 'Registration', description: 'RFC 7591.' },
      { name: 'Configuration', description: 'RFC 7592: what a client does with its own registration.' },
    ],
    paths: {
      '/register': {
        post: registering({
          operationId: 'registerClient',
          summary: 'Register a client',
          security: [...(registration === 'open' ? [{}] : []), { initialAccessToken: [] }],
        }),
      },
      '/register/protected': {
        post: registering({
          operationId: 'registerClientWithToken',
          summary: 'Register a client, always with an initial access token',
          security: [{ initialAccessToken: [] }],
        }),
      },
      '/register/{client_id}': {
        parameters: [{ $ref: '#/components/parameters/client_id' }],
        get: managing({
          operationId: 'readClient',
          summary: 'Read the registration',
          responses: responses(['Configuration', 'UriTooLong', ...ALWAYS]),
        }),
        put: managing({
          operationId: 'replaceClient',
          summary: 'Replace the registration, whole',
          description:
            'The registration access token of the answer takes the place of the one that was sent.',
          parameters: [{ $ref: '#/components/parameters/If-Match' }],
          requestBody: body('ClientReplacement'),
          responses: responses([
            'Configuration',
            'Forbidden',
            'UriTooLong',
            'PreconditionFailed',
            ...WITH_BODY,
            ...ALWAYS,
          ]),
        }),
        delete: managing({
          operationId: 'deleteClient',
          summary: 'Delete the client',
          parameters: [{ $ref: '#/components/parameters/If-Match' }],
          responses: responses(['Deleted', 'Forbidden', 'UriTooLong', 'PreconditionFailed', ...ALWAYS]),
        }),
      },
    },
    components: {
      schemas: {
        ClientMetadata: clientMetadataSchema(table),
        ClientReplacement: clientReplacementSchema(table),
        ClientInformation: clientInformationSchema(table),
        Error: errorSchema({ $ref: '#/components/schemas/Violation' }),
        Violation: VIOLATION_SCHEMA,
      },
      responses: Object.fromEntries(
        Object.entries(ANSWERS).map(([name, answer]) => [name, responseObject(answer)]),
      ),
      headers: HEADERS,
      parameters: PARAMETERS,
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}

const PARAMETERS: JsonObject = {
  client_id: {
    name: 'client_id',
    in: 'path',
    required: true,
    description: 'Never put together by the client: `registration_client_uri` is the whole address.',
    schema: { type: 'string', minLength: 1, maxLength: LONGEST_CLIENT_ID },
    example: 'c_01zDy4L0w2femm7tuiPoIg',
  },
  'If-Match': {
    name: 'If-Match',
    in: 'header',
    description: 'Only if the client is still at this version (RFC 9110 section 13.1.1).',
    schema: { type: 'string' },
    example: '"1"',
  },
  'Idempotency-Key': {
    name: 'Idempotency-Key',
    in: 'header',
    description: 'Makes a repeated request register no second client.',
    schema: { type: 'string', minLength: 1, maxLength: LONGEST_IDEMPOTENCY_KEY },
    example: '"8e03978e-40d5-43dd-bc93-6894a57f9324"',
  },
};

const SECURITY_SCHEMES: JsonObject = {
  initialAccessToken: {
    type: 'http',
    scheme: 'bearer',
    description:
      'An initial access token (RFC 7591 section 1.2), from an operator. One that comes is judged, needed or not.',
  },
  registrationAccessToken: {
    type: 'http',
    scheme: 'bearer',
    description: 'The `registration_access_token` of the last answer that had a new one.',
  },
};

function registering(operation: JsonObject): JsonObject {
  return {
    tags: ['Registration'],
    ...operation,
    parameters: [{ $ref: '#/components/parameters/Idempotency-Key' }],
    requestBody: body('ClientMetadata', REQUEST_EXAMPLES),
    responses: responses([...REGISTERING, ...WITH_BODY, ...ALWAYS]),
  };
}

function managing(operation: JsonObject): JsonObject {
  return { tags: ['Configuration'], security: [{ registrationAccessToken: [] }], ...operation };
}

function body(schema: string, examples?: JsonObject): JsonObject {
  return {
    required: true,
    content: {
      'application/json': {
        schema: { $ref: `#/components/schemas/${schema}` },
        ...(examples && { examples }),
      },
    },
  };
}

function responses(names: readonly AnswerName[]): JsonObject {
  const byStatus = names.toSorted((a, b) => STATUS[a] - STATUS[b]);
  return Object.fromEntries(
    byStatus.map((name) => [String(STATUS[name]), { $ref: `#/components/responses/${name}` }]),
  );
}
