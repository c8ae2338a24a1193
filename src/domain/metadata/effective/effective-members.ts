import type { JsonValue } from '../../../contract/json.js';
import type { RegisteredMembers } from '../client-metadata.js';
import { rejection, type MetadataRejection } from '../rejection/metadata-rejection.js';
import { CERTIFICATE_SUBJECTS, METADATA_TABLE } from '../metadata-table.js';
import { inTableOrder } from '../members/member-name.js';
import type { ReadMembers } from '../members/read-members.js';
import { issuesIdTokens, type ParseOptions, type ServerCapabilities } from '../parse-options.js';
import { areFitForImplicit, inferredApplicationType } from './application-type.js';
import { credentialKind } from './authentication-methods.js';
import { effectiveAuthenticationMethod } from './authentication.js';
import { chosenMembers } from './choices.js';
import { combinationFault } from './combinations.js';
import { effectiveGrantTypes, effectiveResponseTypes, needsRedirect, supportedSubset } from './grants.js';
import { effectiveScope } from './scope.js';

const CHOICES = METADATA_TABLE.filter(({ input_only }) => input_only).map(({ name }) => name);

/** The defaults that depend on nothing but whether the realm issues ID tokens. */
const FIXED_DEFAULTS = { withIdTokens: fixedDefaults(true), withoutIdTokens: fixedDefaults(false) };

export type EffectiveMembers =
  | { readonly ok: true; readonly members: RegisteredMembers }
  | { readonly ok: false; readonly rejection: MetadataRejection };

/**
 * From what was asked to what is registered: narrows to what the server supports, fills in the defaults and checks the
 * members against one another. Of several faults the first in this order is told: redirect URIs, then single
 * members in the order of the table, then combinations.
 *
 * @param alone the members, each judged alone
 * @param options the channel and what the server can do
 */
export function effectiveMembers(alone: ReadMembers, options: ParseOptions): EffectiveMembers {
  const { server, channel } = options;
  const read = chosenMembers(alone);
  const defaults = issuesIdTokens(server) ? FIXED_DEFAULTS.withIdTokens : FIXED_DEFAULTS.withoutIdTokens;
  const has = (name: string) => read.values.has(name);
  const value = (name: string) => read.values.get(name) ?? defaults.get(name);
  const text = (name: string) => value(name) as string | undefined;
  const texts = (name: string) => value(name) as readonly string[] | undefined;

  const redirectFault = read.faults.find((fault) => fault.field === 'redirect_uris');
  if (redirectFault) return { ok: false, rejection: redirectFault };
  const redirectUris = texts('redirect_uris') ?? [];
  const grantTypes = effectiveGrantTypes(texts('grant_types') ?? [], server);
  if (grantTypes.ok && needsRedirect(grantTypes.value) && redirectUris.length === 0) {
    return refused('redirect_uris_missing', 'redirect_uris');
  }
  const [firstFault] = read.faults;
  if (firstFault) return { ok: false, rejection: firstFault };

  if (!grantTypes.ok) return refused(grantTypes.fault, 'grant_types');
  const applicationType = (text('application_type') ?? inferredApplicationType(redirectUris)) as
    'web' | 'native';
  if (
    applicationType === 'web' &&
    grantTypes.value.includes('implicit') &&
    !areFitForImplicit(redirectUris)
  ) {
    return refused('implicit_redirect_refused', 'redirect_uris');
  }
  const responseTypes = effectiveResponseTypes(texts('response_types'), grantTypes.value, server);
  if (!responseTypes.ok) return refused(responseTypes.fault, 'response_types');
  const combination = combinationFault({ has, value, server });
  if (combination) return refused(combination.fault, combination.field);
  const method = effectiveAuthenticationMethod(
    {
      method: text('token_endpoint_auth_method'),
      choices: texts('token_endpoint_auth_methods_supported'),
      hasKeySource: has('jwks') || has('jwks_uri'),
      certificateSubjects: CERTIFICATE_SUBJECTS.filter(has).length,
      grantTypes: grantTypes.value,
    },
    channel,
    server,
  );
  if (!method.ok) return refused(method.fault, 'token_endpoint_auth_method');

  const settled: RegisteredMembers = {
    redirect_uris: redirectUris,
    token_endpoint_auth_method: method.value,
    grant_types: grantTypes.value,
    response_types: responseTypes.value,
    application_type: applicationType,
    scope: effectiveScope(text('scope'), server),
  };
  return { ok: true, members: assembled(defaults, read.values, settled, server) };
}

/** The members in the order of the table, without those that are not registered after all. */
function assembled(
  defaults: ReadonlyMap<string, JsonValue>,
  values: ReadonlyMap<string, JsonValue>,
  settled: RegisteredMembers,
  server: ServerCapabilities,
): RegisteredMembers {
  const all = new Map<string, JsonValue>(defaults);
  for (const [name, value] of values) all.set(name, value);
  for (const [name, value] of Object.entries(settled)) all.set(name, value as JsonValue);
  // What only helped to choose others, and the subject of a certificate where the method has none.
  for (const name of CHOICES) all.delete(name);
  if (credentialKind(settled.token_endpoint_auth_method) !== 'certificate') {
    for (const name of CERTIFICATE_SUBJECTS) all.delete(name);
  }
  const types = all.get('authorization_details_types') as readonly string[] | undefined;
  if (types) {
    const supported = supportedSubset(types, server.authorization_details_types);
    if (supported.length > 0) all.set('authorization_details_types', supported);
    else all.delete('authorization_details_types');
  }
  const registered: Record<string, JsonValue | undefined> = {};
  for (const name of inTableOrder(all.keys())) registered[name] = all.get(name);
  return registered as unknown as RegisteredMembers;
}

function fixedDefaults(withIdTokens: boolean): ReadonlyMap<string, JsonValue> {
  const rows = METADATA_TABLE.filter(({ openid }) => withIdTokens || !openid);
  return new Map(
    rows.flatMap(({ name, default: given }) => (given.kind === 'value' ? [[name, given.value]] : [])),
  );
}

function refused(reason: Parameters<typeof rejection>[0], field: string): EffectiveMembers {
  return { ok: false, rejection: rejection(reason, field) };
}
