import type { MetadataFault } from '../rejection/metadata-fault.js';
import type { ServerCapabilities } from '../parse-options.js';

/** The outcome of one step from what was asked to what is registered. */
export type Effective<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly fault: MetadataFault };

/** Grant types that send the user's browser back to the client. */
const REDIRECT_GRANTS = ['authorization_code', 'implicit'];

/** Grant types that only prolong what another one obtained. */
const DEPENDENT_GRANTS = ['refresh_token'];

/** Which grant types a response type needs (RFC 7591 section 2.1, OpenID Connect DCR section 2). */
const RESPONSE_TYPE_GRANTS: ReadonlyMap<string, readonly string[]> = new Map([
  ['code', ['authorization_code']],
  ['token', ['implicit']],
  ['id_token', ['implicit']],
  ['id_token token', ['implicit']],
  ['code id_token', ['authorization_code', 'implicit']],
  ['code token', ['authorization_code', 'implicit']],
  ['code id_token token', ['authorization_code', 'implicit']],
]);

/** What an omitted `response_types` becomes, by the grant type that asks for one. */
const DEFAULT_RESPONSE_TYPES: readonly (readonly [grant: string, responseType: string])[] = [
  ['authorization_code', 'code'],
  ['implicit', 'token'],
];

/** Whether one of the grant types works by redirect, so that the client needs redirect URIs. */
export function needsRedirect(grantTypes: readonly string[]): boolean {
  return REDIRECT_GRANTS.some((grant) => grantTypes.includes(grant));
}

/**
 * The supported subset of the grant types asked for.
 *
 * @param requested after defaulting
 * @param server what the realm supports
 */
export function effectiveGrantTypes(
  requested: readonly string[],
  server: ServerCapabilities,
): Effective<readonly string[]> {
  const supported = supportedSubset(requested, server.grant_types);
  const usable = supported.some((grant) => !DEPENDENT_GRANTS.includes(grant));
  return usable ? { ok: true, value: supported } : { ok: false, fault: 'grant_types_unsupported' };
}

/**
 * The supported subset of the response types asked for, consistent with the grant types.
 *
 * @param requested undefined if omitted
 * @param grantTypes the effective ones
 * @param server what the realm supports
 */
export function effectiveResponseTypes(
  requested: readonly string[] | undefined,
  grantTypes: readonly string[],
  server: ServerCapabilities,
): Effective<readonly string[]> {
  const asked = requested ?? defaultResponseTypes(grantTypes);
  const supported = supportedSubset(asked, server.response_types);
  if (asked.length > 0 && supported.length === 0) return { ok: false, fault: 'response_types_unsupported' };
  const grantsFit = supported.every((type) =>
    (RESPONSE_TYPE_GRANTS.get(type) ?? []).every((grant) => grantTypes.includes(grant)),
  );
  const codeFits =
    !grantTypes.includes('authorization_code') || supported.some((type) => type.split(' ').includes('code'));
  return grantsFit && codeFits
    ? { ok: true, value: supported }
    : { ok: false, fault: 'response_types_inconsistent' };
}

function defaultResponseTypes(grantTypes: readonly string[]): readonly string[] {
  return DEFAULT_RESPONSE_TYPES.filter(([grant]) => grantTypes.includes(grant)).map(
    ([, responseType]) => responseType,
  );
}

/** What was asked for and is supported, in the order of the request, nothing twice. */
export function supportedSubset(
  requested: readonly string[],
  supported: readonly string[],
): readonly string[] {
  return [...new Set(requested)].filter((value) => supported.includes(value));
}
