import { MAX_URI_LENGTH } from '../uri.js';

/** How much of each thing a request may bring. Lengths are in Unicode code points. */
export const METADATA_LIMITS = {
  /** Elements of any array: redirect URIs, contacts, keys, grant types. */
  items: 10,
  /** Characters of a URI; URIs are ASCII. */
  uri: MAX_URI_LENGTH,
  /** Characters of any text that has no limit of its own. */
  text: 2048,
  /** Characters of a text that people are shown. */
  displayText: 256,
  /** User-perceived characters of such a text (threat C2). */
  displayGraphemes: 80,
  /** Characters of one contact; RFC 5321 addresses have at most 320. */
  contact: 320,
} as const;
