import type { JsonValue } from '../../../contract/json.js';
import type { MetadataFault } from '../rejection/metadata-fault.js';
import { METADATA_LIMITS } from './metadata-limits.js';
import type { MetadataMember, OtherMember, StringMember, UriMember } from '../metadata-table.js';
import type { ServerCapabilities } from '../parse-options.js';
import { jwksFault } from './json-web-keys.js';
import { displayText, longerThan, opaqueText } from './text.js';
import { URI_RULES } from './uri-rules.js';

export type ValueCheck =
  | { readonly ok: true; readonly value: JsonValue }
  | {
      readonly ok: false;
      readonly fault: MetadataFault;
      /** Which element of an array is at fault; null for the whole member. */
      readonly index: number | null;
    };

/** How the members that are neither text nor URI are judged. */
const FAULTS: Readonly<Record<OtherMember['type'], (value: JsonValue) => MetadataFault | null>> = {
  boolean: (value) => (typeof value === 'boolean' ? null : 'wrong_type'),
  integer: (value) => (Number.isSafeInteger(value) && Number(value) >= 0 ? null : 'wrong_type'),
  jwks: jwksFault,
};

/**
 * Checks the value of one member, looked at alone, against its row: JSON type, limits, characters, URI rule.
 *
 * @param member the row
 * @param value what the client sent; neither null nor an empty string
 * @param server for URI rules that depend on it
 * @returns the value to register; URIs are never altered
 */
export function checkValue(member: MetadataMember, value: JsonValue, server: ServerCapabilities): ValueCheck {
  if (!('uri' in member || 'text' in member)) return verdict(value, FAULTS[member.type](value));
  const isArray = member.type === 'url[]' || member.type === 'string[]';
  return isArray ? checkArray(member, value, server) : checkString(member, value, server);
}

function checkArray(
  member: UriMember | StringMember,
  value: JsonValue,
  server: ServerCapabilities,
): ValueCheck {
  if (!Array.isArray(value)) return faulty('wrong_type');
  const elements = value as readonly JsonValue[];
  const misfit = elements.findIndex((element) => typeof element !== 'string');
  if (misfit >= 0) return faulty('wrong_type', misfit);
  if (elements.length > METADATA_LIMITS.items) return faulty('too_many_items');
  const accepted: JsonValue[] = [];
  for (const [index, element] of elements.entries()) {
    const check = checkString(member, element, server);
    if (!check.ok) return { ...check, index };
    accepted.push(check.value);
  }
  return { ok: true, value: accepted };
}

function checkString(
  member: UriMember | StringMember,
  value: JsonValue,
  server: ServerCapabilities,
): ValueCheck {
  if (typeof value !== 'string') return faulty('wrong_type');
  return 'uri' in member ? verdict(value, URI_RULES[member.uri](value, server)) : checkText(member, value);
}

function checkText(member: StringMember, text: string): ValueCheck {
  if (member.text === 'value') {
    if (longerThan(text, member.max_length)) return faulty('too_long');
    return verdict(text, member.values === null || member.values.includes(text) ? null : 'value_unsupported');
  }
  const check = (member.text === 'display' ? displayText : opaqueText)(text, member.max_length);
  return check.ok ? { ok: true, value: check.text } : faulty(check.fault);
}

function verdict(value: JsonValue, fault: MetadataFault | null): ValueCheck {
  return fault === null ? { ok: true, value } : faulty(fault);
}

function faulty(fault: MetadataFault, index: number | null = null): ValueCheck {
  return { ok: false, fault, index };
}
