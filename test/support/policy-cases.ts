import { readFileSync, readdirSync } from 'node:fs';
import type { JsonObject, JsonValue } from '../../src/contract/json.js';
import type { PolicyInput, PolicyUri } from '../../src/domain/policy/policy-input.js';

/** One row of the table in policies/cases, which OPA's own tests run too. */
export interface PolicyCase {
  /** Name of the table, colon, name of the case. */
  readonly name: string;
  /** Complete, every URI parsed. */
  readonly input: PolicyInput;
  /** Changes to the default profile. */
  readonly settings: JsonObject | undefined;
  readonly expected:
    | { readonly outcome: 'none' }
    | {
        readonly outcome: 'allow' | 'review' | 'deny';
        /** Of violations and reviews; sorted, each once. */
        readonly codes: readonly string[];
        readonly warnings: readonly string[];
        readonly obligations?: JsonObject;
      };
}

const CASES = new URL('../../policies/cases/', import.meta.url);

/** What the service makes of each URI that occurs in the cases. */
export function policyCaseUris(): Readonly<Record<string, PolicyUri>> {
  return (readJson('uris.json') as { uris: Record<string, PolicyUri> }).uris;
}

/** All cases, their inputs completed. */
export function policyCases(): readonly PolicyCase[] {
  const { base } = readJson('base.json') as { base: JsonObject };
  const uris = policyCaseUris();
  return readdirSync(new URL('tables/', CASES)).flatMap((file) =>
    Object.entries(readJson(`tables/${file}`) as Record<string, RawCase[]>).flatMap(([table, cases]) =>
      cases.map(({ name, input, settings, expected }) => ({
        name: `${table}: ${name}`,
        input: withParsedUris(mergeJson(base, input), uris),
        settings,
        expected,
      })),
    ),
  );
}

/** Merges as object.union of Rego does: objects member by member, everything else is replaced. */
export function mergeJson(base: JsonObject, changes: JsonObject): JsonObject {
  const merged: Record<string, JsonValue> = { ...base };
  for (const [name, value] of Object.entries(changes)) {
    const before = merged[name];
    merged[name] = isObject(before) && isObject(value) ? mergeJson(before, value) : value;
  }
  return merged;
}

type RawCase = Pick<PolicyCase, 'name' | 'settings' | 'expected'> & { readonly input: JsonObject };

function withParsedUris(input: JsonObject, uris: Readonly<Record<string, PolicyUri>>): PolicyInput {
  const parsed = (value: JsonValue): unknown => (typeof value === 'string' ? (uris[value] ?? value) : value);
  const parsedClient = (client: JsonObject): unknown =>
    Object.fromEntries(
      Object.entries(client).map(([member, value]) => [
        member,
        Array.isArray(value) ? value.map(parsed) : parsed(value),
      ]),
    );
  const previous = input['previous'] as { client: JsonObject } | null;
  return {
    ...input,
    client: parsedClient(input['client'] as JsonObject),
    previous: previous && { ...previous, client: parsedClient(previous.client) },
  } as unknown as PolicyInput;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, CASES), 'utf8'));
}
