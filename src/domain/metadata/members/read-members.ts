import type { JsonObject, JsonValue } from '../../../contract/json.js';
import { rejection, type MetadataRejection } from '../rejection/metadata-rejection.js';
import type { Acceptance, MetadataMember } from '../metadata-table.js';
import { issuesIdTokens, type ParseOptions } from '../parse-options.js';
import { inTableOrder, readMemberName } from './member-name.js';
import { checkValue } from './member-value.js';

/** The members of a request, each judged alone. */
export interface ReadMembers {
  /** Accepted values by wire name, language variants included. */
  readonly values: ReadonlyMap<string, JsonValue>;
  readonly custom: JsonObject;
  readonly declared: readonly string[];
  readonly ignored: readonly string[];
  /** What is wrong, in the order of the table whatever the order of the request; at most one per member. */
  readonly faults: readonly MetadataRejection[];
}

/**
 * Sorts the members of a request into understood, custom and ignored ones and checks the values. Null, an empty string and
 * an empty array say the same as leaving the member out.
 *
 * @param body the request's JSON object
 * @param options which channel it came through, what the server can do, which custom members the profile declares
 */
export function readMembers(body: JsonObject, options: ParseOptions): ReadMembers {
  const values = new Map<string, JsonValue>();
  const custom: [string, JsonValue][] = [];
  const ignored: string[] = [];
  const faults: MetadataRejection[] = [];
  const variants = new Set<string>();

  for (const name of inTableOrder(Object.keys(body))) {
    const value = body[name] as JsonValue;
    const understood = readMemberName(name);
    if (understood === null) {
      if (!options.custom.names.has(name)) ignored.push(name);
      else if (!isOmission(value)) custom.push([name, value]);
      continue;
    }
    const { member, tag } = understood;
    const acceptance = acceptanceOf(member, options);
    if (acceptance === 'ignored') ignored.push(name);
    if (acceptance === 'ignored' || isOmission(value)) continue;
    if (acceptance === 'refused') {
      faults.push(rejection('member_refused', name));
      continue;
    }
    if (tag !== null && !addNew(variants, name.toLowerCase())) {
      faults.push(rejection('language_repeated', name));
      continue;
    }
    const check = checkValue(member, value, options.server);
    if (check.ok) values.set(name, check.value);
    else faults.push(rejection(check.fault, name, check.index));
  }
  const declared = [...values.keys(), ...custom.map(([name]) => name)].sort();
  return { values, custom: Object.fromEntries(custom), declared, ignored: ignored.sort(), faults };
}

/** What is about ID tokens means nothing in a realm that issues none, and is an unknown member there. */
function acceptanceOf(member: MetadataMember, { channel, server }: ParseOptions): Acceptance {
  return member.openid && !issuesIdTokens(server) ? 'ignored' : member.channels[channel];
}

function isOmission(value: JsonValue): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

function addNew(set: Set<string>, entry: string): boolean {
  const size = set.size;
  return set.add(entry).size > size;
}
