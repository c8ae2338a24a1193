import { METADATA_TABLE, metadataMember, type MetadataMember } from '../metadata-table.js';
import { isLanguageTag } from './language-tag.js';

/** What a wire name stands for: a row of the table and, for a variant such as `client_name#ja`, its language tag. */
export interface MemberName {
  readonly member: MetadataMember;
  /** As sent; null for the member itself. */
  readonly tag: string | null;
}

const ORDER: ReadonlyMap<string, number> = new Map(
  METADATA_TABLE.map((member, index) => [member.name, index]),
);

/**
 * Reads a wire name. A language tag counts only on members meant for people and only if it is well-formed;
 * everything else is an unknown member.
 */
export function readMemberName(name: string): MemberName | null {
  const at = name.indexOf('#');
  if (at < 0) {
    const member = metadataMember(name);
    return member === undefined ? null : { member, tag: null };
  }
  const member = metadataMember(name.slice(0, at));
  const tag = name.slice(at + 1);
  return member?.internationalised && isLanguageTag(tag) ? { member, tag } : null;
}

/**
 * Sorts wire names, each of which occurs once, as the table has them: each member before its language variants, unknown names
 * last. It runs several times for every registration, so names that are rows are not compared but put where they belong.
 */
export function inTableOrder(names: Iterable<string>): string[] {
  const rows: (string | undefined)[] = METADATA_TABLE.map(() => undefined);
  const others: string[] = [];
  for (const name of names) {
    const index = ORDER.get(name);
    if (index === undefined) others.push(name);
    else rows[index] = name;
  }
  const ordered = rows.filter((name) => name !== undefined);
  return others.length === 0 ? ordered : byPlace([...ordered, ...others]);
}

function byPlace(names: readonly string[]): string[] {
  return Array.from(names, (name) => ({ name, place: place(name) }))
    .sort((a, b) => a.place - b.place || (a.name < b.name ? -1 : 1))
    .map(({ name }) => name);
}

function place(name: string): number {
  return ORDER.get(name) ?? ORDER.get(name.slice(0, Math.max(0, name.indexOf('#')))) ?? ORDER.size;
}
