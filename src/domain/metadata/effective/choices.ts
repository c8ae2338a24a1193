import type { JsonValue } from '../../../contract/json.js';
import { rejection } from '../rejection/metadata-rejection.js';
import { METADATA_TABLE } from '../metadata-table.js';
import type { ReadMembers } from '../members/read-members.js';

/** The members that a client may leave to the server to choose, the list to choose from, and what the server supports. */
const CHOICES = METADATA_TABLE.flatMap((member) =>
  'choices' in member && member.choices !== null && member.values !== null
    ? [{ name: member.name, list: member.choices, supported: member.values }]
    : [],
);

/**
 * Fills in the members for which the client sent a list of values to choose from: the single value wins if it is
 * usable, otherwise the first of the list that is.
 *
 * @param read the members, each judged alone
 * @returns the same members where there was nothing to choose
 */
export function chosenMembers(read: ReadMembers): ReadMembers {
  const open = CHOICES.filter(({ name, list }) => read.values.has(list) && !read.values.has(name));
  if (open.length === 0) return read;
  const values = new Map<string, JsonValue>(read.values);
  let faults = [...read.faults];
  for (const { name, list, supported } of open) {
    const chosen = (read.values.get(list) as readonly string[]).find((value) => supported.includes(value));
    const unsupported = faults.find(({ field, reason }) => field === name && reason === 'value_unsupported');
    if (chosen === undefined) {
      if (!unsupported) faults.push(rejection('value_unsupported', list));
      continue;
    }
    faults = faults.filter((fault) => fault !== unsupported);
    if (!faults.some(({ field }) => field === name)) values.set(name, chosen);
  }
  return { ...read, values, faults };
}
