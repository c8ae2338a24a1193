/** RFC 5646 section 2.1, without the grandfathered tags; at most 100 characters are ever looked at. */
const LANGUAGE_TAG = new RegExp(
  '^(?:(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})' + // language, extended language
    '(?:-[a-z]{4})?' + // script
    '(?:-(?:[a-z]{2}|[0-9]{3}))?' + // region
    '(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*' + // variants
    '(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*' + // extensions
    '(?:-x(?:-[a-z0-9]{1,8})+)?' + // private use
    '|x(?:-[a-z0-9]{1,8})+)$',
  'i',
);

/** RFC 5646 section 2.1, "irregular": well-formed by decree. The regular ones match the pattern anyway. */
const IRREGULAR = new Set(
  (
    'en-gb-oed i-ami i-bnn i-default i-enochian i-hak i-klingon i-lux i-mingo i-navajo i-pwn i-tao i-tay i-tsu ' +
    'sgn-be-fr sgn-be-nl sgn-ch-de'
  ).split(' '),
);

const MAX_TAG_LENGTH = 100;

/** Tells whether a text is a well-formed BCP 47 language tag, in any case. */
export function isLanguageTag(text: string): boolean {
  return text.length <= MAX_TAG_LENGTH && (LANGUAGE_TAG.test(text) || IRREGULAR.has(text.toLowerCase()));
}
