import { z } from 'zod';
import { reason, text } from '../admin-body.js';
import { softwareStatements } from './software-statements-body.js';

const seconds = (most: number) => z.int().positive().max(most);
const HOUR = 3600;
const scopeName = z
  .string()
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/, 'must be a scope value (RFC 6749 section 3.3)');

/** An absolute URI without fragment (RFC 8707 section 2). */
const resourceIdentifier = text(2048).refine(
  isResourceIdentifier,
  'must be an absolute URI without fragment and user',
);

/** Most that an access token may live: a resource server that checks offline learns of a revocation by expiry. */
const LONGEST_ACCESS_TOKEN = 900;

/** Two live registration access tokens are for a lost answer, not for living with. */
const LONGEST_GRACE = 300;

/** A realm's configuration, as `PUT /admin/v1/realms/{name}` takes it; the issuer is the server's own and stays. */
export const realmBody = z
  .strictObject({
    registration: z.enum(['open', 'token', 'closed']),
    profile: text(64).min(1),
    scopes: z.array(scopeName).max(100),
    default_scopes: z.array(scopeName).max(100),
    resources: z
      .array(
        z.strictObject({
          identifier: resourceIdentifier,
          name: text(256).min(1),
          scopes: z.array(scopeName).max(100),
          token_format: z.literal('jwt').default('jwt'),
          token_lifetime: seconds(LONGEST_ACCESS_TOKEN).default(300),
        }),
      )
      .max(100),
    default_resource: resourceIdentifier.nullable().default(null),
    unknown_resources: z.enum(['refuse', 'loopback']).default('refuse'),
    lifetimes: z
      .strictObject({
        access_token: seconds(LONGEST_ACCESS_TOKEN).default(300),
        refresh_token: seconds(366 * 24 * HOUR).default(30 * 24 * HOUR),
        grant: seconds(366 * 24 * HOUR).default(12 * HOUR),
        unused_client: seconds(366 * 24 * HOUR)
          .nullable()
          .default(24 * HOUR),
        pending_client: seconds(366 * 24 * HOUR)
          .nullable()
          .default(30 * 24 * HOUR),
      })
      .prefault({}),
    software_statements: softwareStatements.prefault({}),
    client_management: z
      .strictObject({
        enabled: z.boolean().default(true),
        rotate_registration_access_token: z.boolean().default(true),
        registration_access_token_grace: z.int().min(0).max(LONGEST_GRACE).default(0),
      })
      .prefault({}),
    reason,
  })
  .refine(
    ({ scopes, resources, default_scopes }) => {
      const known = new Set([...scopes, ...resources.flatMap((resource) => resource.scopes)]);
      return default_scopes.every((scope) => known.has(scope));
    },
    { path: ['default_scopes'], error: 'must be among the scopes of the realm and its resources' },
  )
  .refine(
    ({ resources }) => new Set(resources.map((resource) => resource.identifier)).size === resources.length,
    { path: ['resources'], error: 'must have different identifiers' },
  )
  .refine(
    ({ default_resource, resources }) =>
      default_resource === null || resources.some((resource) => resource.identifier === default_resource),
    { path: ['default_resource'], error: 'must be one of the resources' },
  );

function isResourceIdentifier(value: string): boolean {
  try {
    const { protocol, username, password } = new URL(value);
    return !value.includes('#') && username === '' && password === '' && protocol !== 'javascript:';
  } catch {
    return false;
  }
}
