import type { JsonObject } from '../../../contract/json.js';

/** RFC 6749 section 5.2: what `error` and `error_description` may be made of. */
const PRINTABLE_ASCII = '^[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]+$';

/** One thing that the policy objects to. */
export const VIOLATION_SCHEMA: JsonObject = {
  title: 'Violation',
  type: 'object',
  required: ['rule', 'code', 'field', 'message', 'params'],
  properties: {
    rule: { type: 'string', description: 'The rule that objects.', examples: ['redirect_hosts'] },
    code: { type: 'string', description: 'Why; stable.', examples: ['redirect_host_denied'] },
    field: { type: 'string', description: 'The member it is about.', examples: ['redirect_uris'] },
    message: { type: 'string', pattern: PRINTABLE_ASCII, description: 'The same for people.' },
    params: { type: 'object', description: 'Evidence, as far as it is public.' },
  },
};

/**
 * Every failure (RFC 7591 section 3.2.2, RFC 6749 section 5.2).
 *
 * @param violation reference to the schema of one violation
 */
export function errorSchema(violation: JsonObject): JsonObject {
  return {
    title: 'Error',
    type: 'object',
    required: ['error', 'error_description'],
    properties: {
      error: { type: 'string', pattern: PRINTABLE_ASCII, description: 'Stable, for programs.' },
      error_description: { type: 'string', pattern: PRINTABLE_ASCII, description: 'For developers.' },
      field: { type: 'string', description: 'The member at fault, where one is.' },
      reason: { type: 'string', description: 'What is wrong with it; stable.' },
      policy_decision_id: {
        type: 'string',
        description: 'The decision of the policy, to be named when asking an operator.',
      },
      violations: { type: 'array', minItems: 1, items: violation },
      client_id: { type: 'string', description: 'The client that an earlier request made.' },
    },
    additionalProperties: true,
  };
}
