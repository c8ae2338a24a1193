import type { JsonObject } from '../../../contract/json.js';
import { METADATA_LIMITS } from '../../../domain/metadata/members/metadata-limits.js';

const TEXT = { type: 'string' } as const;
const BASE64URL = { type: 'string', pattern: '^[A-Za-z0-9_-]+$' } as const;

/** A JWK Set (RFC 7517 section 5) of public keys. */
export const JWKS_SCHEMA: JsonObject = {
  type: 'object',
  required: ['keys'],
  properties: {
    keys: {
      type: 'array',
      minItems: 1,
      maxItems: METADATA_LIMITS.items,
      items: {
        type: 'object',
        description: 'A public key with every member of its type; RSA of 2048 bits at least.',
        required: ['kty'],
        properties: {
          kty: { type: 'string', enum: ['EC', 'OKP', 'RSA'] },
          kid: TEXT,
          alg: TEXT,
          use: TEXT,
          crv: TEXT,
          x: BASE64URL,
          y: BASE64URL,
          n: BASE64URL,
          e: BASE64URL,
        },
      },
    },
  },
};
