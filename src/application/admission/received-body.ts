import type { JsonObject } from '../../contract/json.js';

/** A request body after the guard: a JSON object, or why it is none. Faults wait until authentication had its say. */
export type ReceivedBody =
  | {
      readonly ok: true;
      readonly value: JsonObject;
      /** SHA-256 of the bytes, base64url. */ readonly sha256: string;
    }
  | { readonly ok: false; readonly description: string };
