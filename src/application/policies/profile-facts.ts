import type { LoadedBundle, ProfileFacts } from '../../platform/opa/policy-host.js';
import { PolicyUnavailable } from '../../platform/opa/policy-unavailable.js';

/**
 * What a bundle declares for a profile.
 *
 * @throws PolicyUnavailable when the bundle has no such profile: nothing can be admitted under it
 */
export function profileFacts(bundle: LoadedBundle, profile: string): ProfileFacts {
  const facts = bundle.profiles.get(profile);
  if (facts) return facts;
  throw new PolicyUnavailable('undefined', `policy bundle ${bundle.digest} has no profile ${profile}`);
}
