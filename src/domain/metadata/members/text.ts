import type { ValueFault } from '../rejection/metadata-fault.js';
import { METADATA_LIMITS } from './metadata-limits.js';

/**
 * What no stored text may contain: control and format characters (bidirectional overrides, zero-width characters), line
 * and paragraph separators, private-use, unassigned and surrogate code points (threat C2).
 */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/u;

/** Letters and marks that show nothing and so let two names look alike; the emoji and text style selectors are harmless. */
const INVISIBLE = /\u2800|(?![\uFE0E\uFE0F])\p{Default_Ignorable_Code_Point}/u;

/** Grapheme clusters do not depend on the language; naming one keeps the environment out of it. */
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

export type TextCheck =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly fault: ValueFault };

/**
 * Checks a text that people will be shown, and gives the form to store: NFC, without surrounding white space.
 *
 * @param text as sent
 * @param maxLength in Unicode code points
 */
export function displayText(text: string, maxLength: number): TextCheck {
  if (longerThan(text, maxLength)) return { ok: false, fault: 'too_long' };
  if (UNPRINTABLE.test(text) || INVISIBLE.test(text)) return { ok: false, fault: 'text_unprintable' };
  const stored = text.normalize('NFC').trim();
  if (stored === '') return { ok: false, fault: 'text_blank' };
  if (longerThan(stored, maxLength) || moreGraphemesThan(stored, METADATA_LIMITS.displayGraphemes)) {
    return { ok: false, fault: 'too_long' };
  }
  return { ok: true, text: stored };
}

/**
 * Checks a text that is kept byte for byte, such as `software_id`.
 *
 * @param text as sent
 * @param maxLength in Unicode code points
 */
export function opaqueText(text: string, maxLength: number): TextCheck {
  if (longerThan(text, maxLength)) return { ok: false, fault: 'too_long' };
  if (UNPRINTABLE.test(text)) return { ok: false, fault: 'text_unprintable' };
  return text.trim() === '' ? { ok: false, fault: 'text_blank' } : { ok: true, text };
}

/** Whether a text has more than so many code points. */
export function longerThan(text: string, maximum: number): boolean {
  return text.length > maximum && hasMoreThan(text, maximum);
}

function moreGraphemesThan(text: string, maximum: number): boolean {
  return text.length > maximum && hasMoreThan(graphemes.segment(text), maximum);
}

/** Counts no further than it must, however long the text is. */
function hasMoreThan(units: Iterable<unknown>, maximum: number): boolean {
  const iterator = units[Symbol.iterator]();
  for (let count = 0; count <= maximum; count++) {
    if (iterator.next().done) return false;
  }
  return true;
}
