import { describe, expect, it } from 'vitest';
import { isLanguageTag } from './language-tag.js';

const wellFormed =
  'de fr-CA FR-ca ja-Jpan-JP zh-yue-Hant-HK sl-rozaj-biske de-CH-1901 es-419 en-a-bbb-x-a-ccc de-x-private x-whatever i-klingon i-default en-GB-oed';
const malformed = 'a 1 de- -de de--DE de_DE deutschland f-Latn ja-Jpan-JP-toolongvariant de-x x- en-a *';

describe('language tags', () => {
  it.each(wellFormed.split(' '))('R-81 takes %s', (tag) => {
    expect(isLanguageTag(tag)).toBe(true);
  });

  it.each(['', ' ', 'de DE', 'dé', 'de\n', `de-x${'-abcdefgh'.repeat(20)}`, ...malformed.split(' ')])(
    'R-81 refuses %j',
    (tag) => {
      expect(isLanguageTag(tag)).toBe(false);
    },
  );
});
