import type { JsonObject } from '../../contract/json.js';
import type { CustomMetadataError } from '../policy/policy-input.js';

/**
 * What a policy profile declares about custom metadata. The bundle loader compiles it once; the domain receives it as a
 * value and never knows where the schema came from.
 */
export interface CustomMetadataRules {
  /** The declared member names. A name that is also a protocol member is never treated as custom. */
  readonly names: ReadonlySet<string>;
  /**
   * Checks the custom members of one request, missing required ones included.
   *
   * @param custom the declared members that the request carried, by name
   * @returns the errors, none when the profile is satisfied; they go to the policy, which decides
   */
  validate(custom: JsonObject): readonly CustomMetadataError[];
}

/** The rules of a profile that declares no custom metadata. */
export const NO_CUSTOM_METADATA: CustomMetadataRules = { names: new Set(), validate: () => [] };
