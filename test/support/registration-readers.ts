import { OAuthClientInformationFullSchema } from '@modelcontextprotocol/sdk/shared/auth.js';
import { METADATA_TABLE } from '../../src/domain/metadata/metadata-table.js';
import type { LooseJson } from './loose-json.js';

/** The answer to a registration, as a client sees it. */
export interface RegistrationAnswer {
  readonly status: number;
  readonly contentType: string | null;
  readonly body: LooseJson;
}

/** A client of the field: what it fails on when it reads the answer to its registration. */
export interface RegistrationReader {
  readonly name: string;
  /** Whether a client that reads like this sends such a body at all. */
  readonly sends: (asked: LooseJson) => boolean;
  readonly faults: (answer: RegistrationAnswer) => readonly string[];
}

type Fault = (answer: RegistrationAnswer) => string | false;

const URI_MEMBERS = METADATA_TABLE.filter((row) => row.type === 'url').map(({ name }) => name);
const SECRET_METHODS = ['client_secret_basic', 'client_secret_post'];

const statusIs =
  (...statuses: readonly number[]): Fault =>
  ({ status }) =>
    !statuses.includes(status) && `status ${status}`;

const isUrl = (value: unknown): boolean => typeof value === 'string' && URL.canParse(value);

const hasClientId: Fault = ({ body }) => typeof body.client_id !== 'string' && 'client_id is no text';
const redirectsAreUrls: Fault = ({ body }) =>
  !(Array.isArray(body.redirect_uris) && body.redirect_uris.every(isUrl)) && 'redirect_uris';
const nothingIsNull: Fault = ({ body }) => Object.values(body).includes(null) && 'a member is null';
const secretComesWithItsMethod: Fault = ({ body }) =>
  SECRET_METHODS.includes(body.token_endpoint_auth_method) &&
  typeof body.client_secret !== 'string' &&
  'a secret method without a secret';
const timesAre =
  (is: (value: unknown) => boolean): Fault =>
  ({ body }) =>
    [body.client_id_issued_at, body.client_secret_expires_at].some(
      (time) => time !== undefined && !is(time),
    ) && 'a time';
const methodIsOneOf =
  (...methods: readonly string[]): Fault =>
  ({ body }) =>
    !methods.includes(body.token_endpoint_auth_method) && `method ${body.token_endpoint_auth_method}`;

/**
 * The readers that are known to be strict, each with what it was seen to fail on. The TypeScript SDK is the real one; the
 * others stand here as rules, because they are written in other languages or need another Node.
 */
export const READERS: readonly RegistrationReader[] = [
  reader('MCP TypeScript SDK 1', [
    ({ status }) => (status < 200 || status > 299) && `status ${status}`,
    ({ body }) => OAuthClientInformationFullSchema.safeParse(body).error?.message ?? false,
  ]),
  reader('MCP TypeScript client 2', [
    ({ status }) => (status < 200 || status > 299) && `status ${status}`,
    hasClientId,
    redirectsAreUrls,
    nothingIsNull,
    timesAre((time) => typeof time === 'number'),
    ({ body }) =>
      URI_MEMBERS.some(
        (name) =>
          body[name] !== undefined &&
          !isUrl(body[name]) &&
          !(body[name] === '' && ['logo_uri', 'tos_uri'].includes(name)),
      ) && 'a URL member',
    secretComesWithItsMethod,
  ]),
  reader(
    'MCP Python SDK',
    [statusIs(200, 201), hasClientId, secretComesWithItsMethod, methodIsOneOf('none', ...SECRET_METHODS)],
    (asked) => asked.token_endpoint_auth_method !== 'private_key_jwt',
  ),
  reader(
    'MCP Go SDK',
    [
      statusIs(200, 201),
      hasClientId,
      timesAre(Number.isInteger),
      ({ body }) => typeof body.jwks === 'object' && 'jwks is an object',
      ({ body }) =>
        [...URI_MEMBERS.map((name) => body[name]), ...(body.redirect_uris ?? [])].some((uri) =>
          /^(javascript|data|vbscript):/i.test(uri),
        ) && 'a URL that runs script',
    ],
    (asked) => asked.jwks === undefined,
  ),
  reader('openid-client', [
    statusIs(201),
    ({ contentType }) => !/^application\/json(;|$)/.test(contentType ?? '') && `content type ${contentType}`,
    hasClientId,
    ({ body }) =>
      body.client_secret !== undefined &&
      typeof body.client_secret_expires_at !== 'number' &&
      'client_secret_expires_at',
  ]),
  reader(
    'older Open WebUI',
    [hasClientId, redirectsAreUrls, methodIsOneOf('none', 'client_secret_post')],
    (asked) => ['none', 'client_secret_post'].includes(asked.token_endpoint_auth_method),
  ),
];

function reader(
  name: string,
  rules: readonly Fault[],
  sends: RegistrationReader['sends'] = () => true,
): RegistrationReader {
  return {
    name,
    sends,
    faults: (answer) => rules.map((rule) => rule(answer)).filter((fault) => fault !== false),
  };
}
