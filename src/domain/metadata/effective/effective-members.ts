import type { JsonValue } from '../../../contract/json.js';
import type { RegisteredMembers } from '../client-metadata.js';
import { rejection, type MetadataRejection } from '../rejection/metadata-rejection.js';
import { METADATA_TABLE, metadataMember } from '../metadata-table.js';
import { inTableOrder } from '../members/member-name.js';
import type { ReadMembers } from '../members/read-members.js';
import type { ParseOptions } from '../parse-options.js';
import { areFitForImplicit, inferredApplicationType } from './application-type.js';
import { effectiveAuthenticationMethod } from './authentication.js';
import { effectiveGrantTypes, effectiveResponseTypes, needsRedirect } from './grants.js';
import { effectiveScope } from './scope.js';

/** The defaults that do not depend on anything. */
const FIXED_DEFAULTS: ReadonlyMap<string, JsonValue> = new Map(
  METADATA_TABLE.flatMap(({ name, default: given }) => (given.kind === 'value' ? [[name, given.value]] : [])),
);

export type EffectiveMembers =
  | { readonly ok: true; readonly members: RegisteredMembers }
  | { readonly ok: false; readonly rejection: MetadataRejection };

/**
 * From what was asked to what is registered: narrows to what the server supports, fills in the defaults and checks the
 * members against one another. Of several faults the first in this order is told: redirect URIs, then single
 * members in the order of the table, then combinations.
 *
 * @param read the members, each judged alone
 * @param options the channel and what the server can do
 */
export function effectiveMembers(read: ReadMembers, options: ParseOptions): EffectiveMembers {
  const { server, channel } = options;
  const text = (name: string) => valueOf(read, name) as string | undefined;
  const texts = (name: string) => valueOf(read, name) as readonly string[] | undefined;

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
  if (read.values.has('jwks') && read.values.has('jwks_uri')) return refused('key_source_conflict', 'jwks');
  const method = effectiveAuthenticationMethod(
    {
      method: text('token_endpoint_auth_method'),
      choices: texts('token_endpoint_auth_methods_supported'),
      hasKeySource: read.values.has('jwks') || read.values.has('jwks_uri'),
      grantTypes: grantTypes.value,
    },
    channel,
    server,
  );
  if (!method.ok) return refused(method.fault, 'token_endpoint_auth_method');

  return {
    ok: true,
    members: assembled(read.values, {
      redirect_uris: redirectUris,
      token_endpoint_auth_method: method.value,
      grant_types: grantTypes.value,
      response_types: responseTypes.value,
      application_type: applicationType,
      scope: effectiveScope(text('scope'), server),
    }),
  };
}

/** What the request says, or the default that the table gives. */
function valueOf(read: ReadMembers, name: string): JsonValue | undefined {
  return read.values.get(name) ?? FIXED_DEFAULTS.get(name);
}

/** The members in the order of the table; those that only helped to choose others are gone. */
function assembled(values: ReadonlyMap<string, JsonValue>, settled: RegisteredMembers): RegisteredMembers {
  const all = new Map([...FIXED_DEFAULTS, ...values, ...(Object.entries(settled) as [string, JsonValue][])]);
  const registered = inTableOrder(all.keys()).filter((name) => metadataMember(name)?.input_only !== true);
  return Object.fromEntries(registered.map((name) => [name, all.get(name)])) as unknown as RegisteredMembers;
}

function refused(reason: Parameters<typeof rejection>[0], field: string): EffectiveMembers {
  return { ok: false, rejection: rejection(reason, field) };
}
