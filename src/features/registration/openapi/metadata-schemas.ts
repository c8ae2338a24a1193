import type { JsonObject } from '../../../contract/json.js';
import type { ClientStatus } from '../../../domain/client/client-state.js';
import type { RegisteredMembers } from '../../../domain/metadata/client-metadata.js';
import type { MetadataMember } from '../../../domain/metadata/metadata-table.js';
import { memberSchema, patternProperties, properties } from './member-schema.js';

type Table = readonly MetadataMember[];

/** Names that no object of a request may use, at any depth (threat V2). */
const FORBIDDEN_NAMES = ['__proto__', 'constructor', 'prototype'];

/** Members of every answer, whatever was sent; the others depend on the client. */
const ALWAYS_REGISTERED: readonly (keyof RegisteredMembers & string)[] = [
  'redirect_uris',
  'token_endpoint_auth_method',
  'grant_types',
  'response_types',
  'application_type',
];

/** In which states a client is answered at all; the registration access token of every other one is dead. */
const ANSWERED_STATES: readonly ClientStatus[] = ['pending', 'active'];

/**
 * What a client may send to register (RFC 7591 section 2). It says what is useful to send; the server takes more: null, an
 * empty text and an empty array are as good as left out, and members that nobody knows are ignored.
 */
export function clientMetadataSchema(table: Table): JsonObject {
  const members = table.filter(isAccepted);
  return {
    title: 'ClientMetadata',
    type: 'object',
    description:
      'Client metadata. Members that are not listed here are ignored, unless the policy profile of the realm declares them.',
    properties: properties(members, 'request'),
    patternProperties: patternProperties(members, 'request'),
    additionalProperties: true,
    propertyNames: { not: { enum: FORBIDDEN_NAMES } },
  };
}

/** What a client may send to replace its metadata (RFC 7592 section 2.2). */
export function clientReplacementSchema(table: Table): JsonObject {
  const { properties: registered, ...rest } = clientMetadataSchema(table);
  const issued = new Map(table.filter((member) => member.issued).map((member) => [member.name, member]));
  const proof = ['client_id', 'client_secret'].map((name) => issued.get(name)!);
  const forbidden = [...issued.keys()].filter((name) => !proof.some((member) => member.name === name));
  return {
    ...rest,
    title: 'ClientReplacement',
    description:
      'The whole new metadata: what is left out is gone. With the client_id of the client; with its client_secret only if ' +
      `that is the current one; without ${forbidden.join(', ')}.`,
    required: ['client_id'],
    properties: {
      ...Object.fromEntries(proof.map((member) => [member.name, memberSchema(member, 'request')])),
      ...(registered as JsonObject),
    },
    propertyNames: { not: { enum: [...FORBIDDEN_NAMES, ...forbidden] } },
  };
}

/** What is answered (RFC 7591 section 3.2.1, RFC 7592 section 3): everything that was registered. */
export function clientInformationSchema(table: Table): JsonObject {
  const members = table.filter((member) => !member.input_only);
  return {
    title: 'ClientInformation',
    type: 'object',
    description:
      'Everything that was registered, whether the client sent it or the server filled it in. No member is null or an ' +
      'empty text. Members that the policy profile of the realm declares come last.',
    required: ['client_id', 'client_id_issued_at', ...ALWAYS_REGISTERED, 'client_status'],
    dependentRequired: {
      client_secret: ['client_secret_expires_at'],
      registration_access_token: ['registration_client_uri'],
      registration_client_uri: ['registration_access_token'],
    },
    properties: {
      ...properties(members, 'answer'),
      client_status: {
        type: 'string',
        enum: ANSWERED_STATES,
        readOnly: true,
        description: 'Whether the client waits for a person, or may be used.',
      },
      pending_change: {
        type: 'object',
        readOnly: true,
        description: 'A replacement that waits for a person; what is in force stays in the body.',
        required: ['submitted_at', 'fields'],
        properties: {
          submitted_at: { type: 'integer', minimum: 0, description: 'Seconds since the epoch.' },
          fields: {
            type: 'array',
            items: { type: 'string' },
            description: 'Names of the members that would change, be new or be gone.',
          },
        },
      },
    },
    patternProperties: patternProperties(members, 'answer'),
    additionalProperties: true,
  };
}

function isAccepted(member: MetadataMember): boolean {
  return !member.issued && member.channels.dynamic === 'accepted';
}
