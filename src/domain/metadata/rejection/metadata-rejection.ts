import type { MetadataFault } from './metadata-fault.js';
import { REJECTION_TEXTS } from './rejection-texts.js';

/** The two RFC 7591 section 3.2.2 codes that the metadata alone can cause. */
export type MetadataErrorCode = 'invalid_redirect_uri' | 'invalid_client_metadata';

/** Metadata that is refused before any policy sees it, and what to tell the client. */
export interface MetadataRejection {
  readonly error: MetadataErrorCode;
  readonly reason: MetadataFault;
  /** The member it is about, under its wire name; ASCII. */
  readonly field: string;
  /** For `error_description`: printable ASCII without `"` and `\` (RFC 6749 section 5.2), never a value the client sent. */
  readonly description: string;
}

/**
 * Puts a fault into words.
 *
 * @param reason what is wrong
 * @param field wire name of the member it is about
 * @param index which element of an array, if it is about one
 */
export function rejection(
  reason: MetadataFault,
  field: string,
  index: number | null = null,
): MetadataRejection {
  // A wrong JSON type is a fault of the document (R-07), also where redirect URIs were to be.
  const aboutRedirects = field === 'redirect_uris' && reason !== 'wrong_type';
  return {
    error: aboutRedirects ? 'invalid_redirect_uri' : 'invalid_client_metadata',
    reason,
    field,
    description: `${field}${index === null ? '' : `[${index}]`} ${REJECTION_TEXTS[reason]}`,
  };
}
