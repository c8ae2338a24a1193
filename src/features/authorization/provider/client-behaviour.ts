import { matchRedirectUri } from '../../../domain/metadata/redirect-uri-match.js';
import { secretMatches } from '../client/client-secret.js';
import { type Admission, admissionOf } from '../client/provider-metadata.js';
import { type Client, errors, Provider } from './oidc-provider.js';

interface ClientClass {
  readonly prototype: Client;
  readonly Schema: { readonly prototype: { redirectUris: () => void } };
}

/**
 * Replaces what oidc-provider's client decides by itself and we decide differently. Each is a public method or an override
 * point of its client class; the suite of this folder pins every one.
 */
export function replaceClientBehaviour(provider: Provider): void {
  const { prototype, Schema } = provider.Client as unknown as ClientClass;

  // Registration judged the redirect URIs; a second opinion here would only lock admitted clients out.
  Schema.prototype.redirectUris = () => undefined;

  prototype.redirectUriAllowed = function redirectUriAllowed(this: Client, requested: string) {
    return (this.redirectUris ?? []).some((registered) => matchRedirectUri(registered, requested));
  };

  prototype.compareClientSecret = function compareClientSecret(this: Client, presented: string) {
    return secretMatches(presented, admissionOf(this).secrets);
  };

  prototype.responseTypeAllowed = function responseTypeAllowed(this: Client, type) {
    if (this.responseTypes?.includes(type)) return true;
    throw new errors.UnauthorizedClient(`the client is not registered for response_type ${type}`);
  };

  prototype.grantTypeAllowed = function grantTypeAllowed(this: Client, type: string) {
    const allowed = this.grantTypes?.includes(type) ?? false;
    const context = Provider.ctx?.oidc;
    // The client is authenticated by then; oidc-provider asks the same question elsewhere, where no answer may throw.
    if (context?.route === 'token' && context.params?.['grant_type'] === type) {
      assertMayUse(admissionOf(this), type, allowed, Provider.ctx?.get('DPoP') !== '');
    }
    return allowed;
  };
}

/** @throws OIDCProviderError as the table of states says (DESIGN section 5) */
function assertMayUse(admission: Admission, grantType: string, allowed: boolean, hasProof: boolean): void {
  const { standing } = admission.permissions;
  if (standing !== 'active') {
    const why = standing === 'pending' ? 'this client is waiting for approval' : 'this client is suspended';
    if (grantType === 'client_credentials') throw new errors.AccessDenied(why);
    throw new errors.InvalidGrant(why);
  }
  if (!allowed)
    throw new errors.UnauthorizedClient(`the client is not registered for grant_type ${grantType}`);
  // oidc-provider says invalid_grant, which clients take for the end of their tokens.
  if (admission.needsDpop && !hasProof)
    throw new errors.InvalidDpopProof('this client gets tokens with a DPoP proof only (RFC 9449)');
}
