import { z } from 'zod';
import type { JsonObject } from '../../../contract/json.js';
import {
  NO_CUSTOM_METADATA,
  type CustomMetadataRules,
} from '../../../domain/metadata/custom-metadata-rules.js';
import { InvalidPolicyBundle } from '../invalid-policy-bundle.js';
import { compileCustomMetadata } from './custom-metadata-schema.js';

/** What the service needs of a profile before it asks the policy. */
export interface ProfileFacts {
  readonly custom: CustomMetadataRules;
  /** Private-use URI schemes accepted although they contain no dot; lower case. */
  readonly dotlessSchemes: readonly string[];
  /** Whether identical anonymous registrations of public clients share one client. */
  readonly fold: boolean;
  /** Scopes a client may ever get; absent where the profile leaves that to the realm. */
  readonly scopes?: readonly string[];
}

/** The settings the service reads; all others belong to the rules alone. */
const SETTINGS = z.looseObject({
  custom_metadata: z.record(z.string(), z.unknown()).optional(),
  dotless_schemes: z.array(z.string().regex(/^[a-z][a-z0-9+-]*$/)).default([]),
  fold: z.boolean().default(false),
  scope_ceiling: z.array(z.string().min(1)).optional(),
});
const PROFILES = z.record(z.string(), z.unknown());

/**
 * Reads the profiles of a bundle.
 *
 * @param data the base documents; profiles lie under `profiles`
 * @param protocolMembers names that custom metadata cannot have
 * @throws InvalidPolicyBundle for settings that the service cannot use, and for a bundle without any profile
 */
export function readProfiles(
  data: JsonObject,
  protocolMembers: ReadonlySet<string>,
): ReadonlyMap<string, ProfileFacts> {
  const profiles = PROFILES.safeParse(data['profiles']);
  if (!profiles.success || Object.keys(profiles.data).length === 0) {
    throw new InvalidPolicyBundle('profile', 'data.json of the bundle holds no profiles');
  }
  return new Map(
    Object.entries(profiles.data).map(([name, settings]) => [
      name,
      readProfile(name, settings, protocolMembers),
    ]),
  );
}

function readProfile(name: string, value: unknown, protocolMembers: ReadonlySet<string>): ProfileFacts {
  const settings = SETTINGS.safeParse(value);
  if (!settings.success) {
    const [issue] = settings.error.issues;
    throw new InvalidPolicyBundle('profile', `profile ${name}: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const {
    custom_metadata: schema,
    dotless_schemes: dotlessSchemes,
    fold,
    scope_ceiling: scopes,
  } = settings.data;
  return {
    custom:
      schema === undefined
        ? NO_CUSTOM_METADATA
        : compileCustomMetadata(schema as JsonObject, protocolMembers, name),
    dotlessSchemes,
    fold,
    ...(scopes === undefined ? {} : { scopes }),
  };
}
