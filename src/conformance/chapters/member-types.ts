import type { JsonObject } from '../http/exchange.js';

type Check = (value: unknown) => boolean;

const isString: Check = (value) => typeof value === 'string';
const isStrings: Check = (value) => Array.isArray(value) && value.every((each) => typeof each === 'string');
const isNumber: Check = (value) => typeof value === 'number';
const isJsonObject: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The JSON type of each member, RFC 7591 sections 2 and 3.2.1 and RFC 7592 section 3. */
const memberTypes: Readonly<Record<string, readonly [type: string, check: Check]>> = {
  redirect_uris: ['an array of strings', isStrings],
  token_endpoint_auth_method: ['a string', isString],
  grant_types: ['an array of strings', isStrings],
  response_types: ['an array of strings', isStrings],
  client_name: ['a string', isString],
  client_uri: ['a string', isString],
  logo_uri: ['a string', isString],
  scope: ['a string', isString],
  contacts: ['an array of strings', isStrings],
  tos_uri: ['a string', isString],
  policy_uri: ['a string', isString],
  jwks_uri: ['a string', isString],
  jwks: ['an object', isJsonObject],
  software_id: ['a string', isString],
  software_version: ['a string', isString],
  software_statement: ['a string', isString],
  client_id: ['a string', isString],
  client_secret: ['a string', isString],
  client_id_issued_at: ['a number', isNumber],
  client_secret_expires_at: ['a number', isNumber],
  registration_access_token: ['a string', isString],
  registration_client_uri: ['a string', isString],
};

/** What is wrong with the types of an answer's members; `null` is told of elsewhere. */
export function valueFaults(answer: JsonObject): readonly string[] {
  return Object.entries(answer).flatMap(([name, value]) => {
    const [type, check] = memberTypes[name.replace(/#.*$/, '')] ?? [];
    if (value === null || check === undefined || check(value)) return [];
    return [`${name} is not ${type ?? ''}`];
  });
}
