import { hash } from 'node:crypto';
import { canonicalJson } from '../../contract/canonical-json.js';
import type { ClientMetadata } from '../../contract/client-metadata.js';

/**
 * SHA-256 of the canonical effective metadata, base64url: equal for identical registrations. Contacts are left out: they are
 * personal, and a hash of something short can be guessed.
 */
export function metadataFingerprint({ members, custom }: ClientMetadata): string {
  const { contacts: _, ...others } = members;
  return hash('sha256', canonicalJson({ members: others, custom }), 'base64url');
}
