import { admissionOf } from '../client/provider-metadata.js';
import { interactionPolicy, type KoaContextWithOIDC } from './oidc-provider.js';

const { base, Check, Prompt } = interactionPolicy;

/** The prompt of a client that waits for a reviewer. */
export const APPROVAL = 'approval';

/**
 * What a person has to do before an authorization code is issued: wait until the client is approved, sign in, allow it.
 * The request is kept meanwhile, checked as it is.
 */
export function interactions(): ReturnType<typeof base> {
  const policy = base();
  policy.add(
    new Prompt(
      { name: APPROVAL },
      new Check('client_not_active', 'the client waits for approval', 'interaction_required', (context) =>
        standsApart(context),
      ),
    ),
    0,
  );
  const { checks } = policy.get('consent')!;
  checks.remove('native_client_prompt');
  checks.add(
    new Check('asks_every_time', 'the user is asked every time', 'consent_required', (context) =>
      asksEveryTime(context),
    ),
  );
  return policy;
}

function standsApart({ oidc }: KoaContextWithOIDC): boolean {
  return admissionOf(oidc.client!).permissions.standing !== 'active';
}

/** Untrusted clients, and every redirect that another program on the machine could catch (R4). */
function asksEveryTime({ oidc }: KoaContextWithOIDC): boolean {
  if (oidc.result?.consent) return false;
  const { permissions } = admissionOf(oidc.client!);
  return permissions.asksEveryTime || !String(oidc.params!['redirect_uri']).startsWith('https:');
}
