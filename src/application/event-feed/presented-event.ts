import type { JsonObject, JsonValue } from '../../contract/json.js';

/** An event for operators: its envelope with its position, personal fields in clear or marked as erased. */
export type PresentedEvent = { readonly position: number } & JsonObject;

/** Stands where a sealed field was whose key is destroyed. */
export const ERASED = { $erased: true } as const satisfies JsonValue;
