import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { JsonObject, JsonValue } from '../../../contract/json.js';
import type { CustomMetadataRules } from '../../../domain/metadata/custom-metadata-rules.js';
import type { CustomMetadataError } from '../../../domain/policy/policy-input.js';
import { InvalidPolicyBundle } from '../invalid-policy-bundle.js';
import { findOversized } from './custom-metadata-size.js';
import { linearPattern } from './linear-pattern.js';

/** Formats whose checks are plain and fast; every other one makes the schema fail. */
const FORMATS = ['date', 'date-time', 'email', 'uuid'] as const;
/** Names that no JSON object of a stranger may carry, and the mark of language-tagged members. */
const UNUSABLE_NAME = /^(?:__proto__|constructor|prototype)$|#/;

/**
 * Compiles a profile's JSON Schema (draft 2020-12) for custom metadata.
 *
 * @param schema an object schema; its `properties` are the declared names
 * @param protocolMembers names that belong to registered client metadata and cannot be custom
 * @param profile name of the profile, for messages
 * @throws InvalidPolicyBundle when the schema is invalid, refers to another document, has a pattern that cannot be matched
 *   in linear time, or declares a protocol member
 */
export function compileCustomMetadata(
  schema: JsonObject,
  protocolMembers: ReadonlySet<string>,
  profile: string,
): CustomMetadataRules {
  const refuse = (why: string): never => {
    throw new InvalidPolicyBundle('custom_metadata', `custom_metadata of profile ${profile}: ${why}`);
  };
  const reference = findForeignReference(schema);
  if (reference !== undefined) refuse(`the reference ${reference} leads out of the schema`);
  const names = declaredNames(schema);
  for (const name of names) {
    if (protocolMembers.has(name)) refuse(`${name} is a registered member of client metadata`);
    if (UNUSABLE_NAME.test(name)) refuse(`${name} cannot be the name of a member`);
  }
  let valid: ValidateFunction | undefined;
  try {
    valid = validator().compile({ ...schema, type: 'object' });
  } catch (error) {
    refuse(error instanceof Error ? error.message : 'the schema cannot be compiled');
  }
  return { names, validate: (custom) => validate(custom, valid as ValidateFunction) };
}

function validator(): Ajv2020 {
  const ajv = new Ajv2020({
    strict: true,
    strictTypes: false,
    strictRequired: true,
    allErrors: true,
    code: { regExp: linearPattern },
  });
  addFormats.default(ajv, { mode: 'fast', formats: [...FORMATS] });
  return ajv;
}

function validate(custom: JsonObject, valid: ValidateFunction): readonly CustomMetadataError[] {
  // Before the schema sees it: some of its keywords take time that grows faster than the value.
  const oversized = findOversized(custom);
  if (oversized.length > 0) return oversized;
  if (valid(custom)) return [];
  return distinct((valid.errors ?? []).map(toCustomMetadataError));
}

function toCustomMetadataError(error: ErrorObject): CustomMetadataError {
  // These keywords fail at the object, but what they are about is one of its members.
  const { missingProperty, additionalProperty, unevaluatedProperty, propertyName } = error.params as Record<
    string,
    string | undefined
  >;
  const member = missingProperty ?? additionalProperty ?? unevaluatedProperty ?? propertyName;
  const pointer =
    member === undefined ? error.instancePath : `${error.instancePath}/${escapePointer(member)}`;
  const first = pointer.split('/')[1] ?? '';
  return { field: unescapePointer(first) || 'custom_metadata', keyword: error.keyword, pointer };
}

function distinct(errors: readonly CustomMetadataError[]): readonly CustomMetadataError[] {
  const byText = new Map(errors.map((error) => [`${error.pointer} ${error.keyword}`, error]));
  return [...byText.keys()].sort().map((text) => byText.get(text) as CustomMetadataError);
}

function declaredNames(schema: JsonObject): ReadonlySet<string> {
  const { properties } = schema;
  return new Set(isObject(properties) ? Object.keys(properties) : []);
}

function findForeignReference(value: JsonValue): string | undefined {
  if (Array.isArray(value)) return value.map(findForeignReference).find((found) => found !== undefined);
  if (!isObject(value)) return undefined;
  for (const [name, member] of Object.entries(value)) {
    const reference = name === '$ref' || name === '$dynamicRef';
    if (reference && typeof member === 'string' && !member.startsWith('#')) return member;
    const found = findForeignReference(member);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function escapePointer(segment: string): string {
  return segment.replaceAll('~', '~0').replaceAll('/', '~1');
}

function unescapePointer(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}
