import type { JsonObject, JsonValue } from '../../../contract/json.js';
import type { CustomMetadataError } from '../../../domain/policy/policy-input.js';

/** Longest string anywhere in custom metadata, in UTF-16 code units; as for other members. */
export const LONGEST_CUSTOM_STRING = 2048;
/** Longest array anywhere in custom metadata. */
export const LONGEST_CUSTOM_ARRAY = 100;

/**
 * Finds strings and arrays that are too long for any schema, and names them as the keyword would that forbids them.
 *
 * @param custom the custom members of one request
 */
export function findOversized(custom: JsonObject): readonly CustomMetadataError[] {
  return Object.entries(custom).flatMap(([field, value]) =>
    oversized(value, `/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`).map((error) => ({
      field,
      ...error,
    })),
  );
}

function oversized(value: JsonValue, pointer: string): { keyword: string; pointer: string }[] {
  if (typeof value === 'string') {
    return value.length > LONGEST_CUSTOM_STRING ? [{ keyword: 'maxLength', pointer }] : [];
  }
  if (Array.isArray(value) && value.length > LONGEST_CUSTOM_ARRAY) return [{ keyword: 'maxItems', pointer }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    oversized(member as JsonValue, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
}
