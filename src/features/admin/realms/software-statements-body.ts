import { z } from 'zod';
import type { JsonObject } from '../../../contract/json.js';
import { jwksFault } from '../../../domain/metadata/members/json-web-keys.js';
import { SIGNING_ALGORITHMS } from '../../../domain/metadata/metadata-table.js';
import { REJECTION_TEXTS } from '../../../domain/metadata/rejection/rejection-texts.js';
import { text } from '../admin-body.js';

/** Places are looked through one by one at each use. */
const MOST_PLACES = 1_000;

/** Public keys, held to the same rules as those of clients. */
const publicKeys = z
  .strictObject({ keys: z.array(z.record(z.string(), z.json())) })
  .superRefine((jwks, context) => {
    const fault = jwksFault(jwks);
    if (fault !== null) context.addIssue({ code: 'custom', message: REJECTION_TEXTS[fault] });
  })
  .transform(({ keys }) => ({ keys: keys as JsonObject[] }));

const issuer = z.strictObject({
  issuer: text(2048).min(1),
  jwks: publicKeys,
  algorithms: z
    .array(z.enum(SIGNING_ALGORITHMS as [string, ...string[]]))
    .min(1)
    .exactOptional(),
  software_ids: z.array(text(2048).min(1)).min(1).max(1_000).exactOptional(),
  max_registrations: z.int().positive().max(MOST_PLACES).exactOptional(),
});

/** Whose software statements a realm trusts (RFC 7591 section 2.3); nobody's unless it says so. */
export const softwareStatements = z
  .strictObject({ issuers: z.array(issuer).max(50).default([]), required: z.boolean().default(false) })
  .refine(({ issuers }) => new Set(issuers.map((each) => each.issuer)).size === issuers.length, {
    path: ['issuers'],
    error: 'must be different ones',
  })
  .refine(({ issuers, required }) => !required || issuers.length > 0, {
    path: ['required'],
    error: 'needs an issuer whose statements are trusted',
  });
