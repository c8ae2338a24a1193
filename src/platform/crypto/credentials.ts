import { createHash, timingSafeEqual } from 'node:crypto';
import type { Credential } from '../../contract/credential.js';
import { timestamp } from '../clock.js';
import { random } from './random.js';

/** What a credential is for; the prefix makes leaked ones easy to find and to name. */
export const credentialPrefixes = {
  client_secret: 'cs_',
  registration_access_token: 'rat_',
  initial_access_token: 'iat_',
} as const;

/** A credential at birth: the text goes into the one answer that hands it out, the rest into the event. */
export interface MintedCredential {
  readonly text: string;
  readonly credential: Credential;
}

/**
 * Makes a credential of 256 random bits. Its text uses only `[A-Za-z0-9_-]`, so that form-encoding never changes it (T-06).
 *
 * @param id public id to build into the text, so that the row can be found by it; random when left out
 * @param now milliseconds since the epoch
 * @param lifetime seconds; undefined = never expires
 */
export function mintCredential(
  kind: keyof typeof credentialPrefixes,
  now: number,
  options: { readonly id?: string; readonly lifetime?: number | undefined } = {},
): MintedCredential {
  const secret = random(32).toString('base64url');
  const text = `${credentialPrefixes[kind]}${options.id === undefined ? '' : `${options.id}_`}${secret}`;
  return {
    text,
    credential: {
      id: options.id ?? randomId(),
      alg: 'sha256',
      digest: digestOf(text),
      created_at: timestamp(now),
      expires_at: options.lifetime === undefined ? null : timestamp(now + options.lifetime * 1000),
    },
  };
}

/** 96 random bits as hex: unique without being secret. */
export function randomId(): string {
  return random(12).toString('hex');
}

/** A `client_id` of our own making: never a URL, so that it can never be taken for a metadata document (R-66, P11). */
export function newClientId(): string {
  return `c_${random(16).toString('base64url')}`;
}

/**
 * Whether the text is the credential and the credential is live. Takes the same time for a wrong text, an expired
 * credential and no credential at all (K1).
 *
 * @param now milliseconds since the epoch
 */
export function matchesCredential(
  text: string,
  credential: Credential | null | undefined,
  now: number,
): boolean {
  return (
    equalsCredential(text, credential) &&
    credential != null &&
    (credential.expires_at === null || Date.parse(credential.expires_at) > now)
  );
}

/** Whether the text is the credential, live or not; takes the same time for a wrong text and for no credential (K1). */
export function equalsCredential(text: string, credential: Credential | null | undefined): boolean {
  const presented = createHash('sha256').update(text).digest();
  const expected = Buffer.from(credential?.digest ?? NOBODYS_DIGEST, 'base64url');
  const equal = expected.length === presented.length && timingSafeEqual(presented, expected);
  return equal && credential != null;
}

/** What is compared where there is nothing to compare. */
const NOBODYS_DIGEST = random(32).toString('base64url');

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
