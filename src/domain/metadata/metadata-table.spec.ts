import { describe, expect, it } from 'vitest';
import { URI_RULES } from './members/uri-rules.js';
import { METADATA_TABLE, metadataMember } from './metadata-table.js';
import { REJECTION_TEXTS } from './rejection/rejection-texts.js';

const named = (names: string) => names.split(' ').sort();
const namesWhere = (choose: (member: (typeof METADATA_TABLE)[number]) => boolean) =>
  METADATA_TABLE.filter(choose)
    .map(({ name }) => name)
    .sort();

describe('the table of client metadata', () => {
  it('understands RFC 7591, RFC 7592 and the four members around them', () => {
    expect(namesWhere(() => true)).toEqual(
      named(
        'redirect_uris token_endpoint_auth_method grant_types response_types client_name client_uri logo_uri scope contacts tos_uri ' +
          'policy_uri jwks_uri jwks software_id software_version client_id client_secret client_id_issued_at client_secret_expires_at ' +
          'registration_access_token registration_client_uri application_type token_endpoint_auth_signing_alg ' +
          'token_endpoint_auth_methods_supported',
      ),
    );
  });

  it('P6 has a judge for every URI a client can send', () => {
    const looksLikeUri = namesWhere(({ name, issued }) => /_uris?$/.test(name) && !issued);
    expect(namesWhere((member) => 'uri' in member && URI_RULES[member.uri] !== undefined)).toEqual(
      looksLikeUri,
    );
  });

  it('R-80 R-82 has variants for what people read, and for nothing else', () => {
    expect(namesWhere(({ internationalised }) => internationalised)).toEqual(
      named('client_name client_uri logo_uri policy_uri tos_uri'),
    );
  });

  it('R-06 takes issued members through no channel', () => {
    const taken = namesWhere(
      ({ issued, channels }) => issued && Object.values(channels).includes('accepted'),
    );
    expect(taken).toEqual([]);
  });

  it('marks contacts as personal', () => {
    expect(namesWhere(({ personal }) => personal)).toEqual(['contacts']);
  });

  it('finds rows by name, and no inherited ones', () => {
    expect(metadataMember('scope')?.name).toBe('scope');
    expect(metadataMember('constructor')).toBeUndefined();
  });
});

describe('the words for refusals', () => {
  it.each(Object.entries(REJECTION_TEXTS))('R-70 %s is told in ASCII', (_, text) => {
    expect(text).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
  });
});
