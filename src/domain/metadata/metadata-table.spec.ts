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
  it('understands RFC 7591, RFC 7592, and what the authorization server honours of the RFCs around them', () => {
    expect(namesWhere(() => true)).toEqual(
      named(
        'redirect_uris token_endpoint_auth_method grant_types response_types client_name client_uri logo_uri scope contacts tos_uri ' +
          'policy_uri jwks_uri jwks software_id software_version client_id client_secret client_id_issued_at client_secret_expires_at ' +
          'registration_access_token registration_client_uri application_type token_endpoint_auth_signing_alg ' +
          'token_endpoint_auth_methods_supported token_endpoint_auth_signing_alg_values_supported organization_name ' +
          'post_logout_redirect_uris require_pushed_authorization_requests require_signed_request_object ' +
          'request_object_signing_alg request_object_signing_alg_values_supported authorization_details_types ' +
          'dpop_bound_access_tokens tls_client_certificate_bound_access_tokens tls_client_auth_subject_dn ' +
          'tls_client_auth_san_dns tls_client_auth_san_uri tls_client_auth_san_ip tls_client_auth_san_email ' +
          'id_token_signed_response_alg id_token_signing_alg_values_supported subject_type subject_types_supported ' +
          'default_max_age require_auth_time',
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
      named('client_name client_uri logo_uri organization_name policy_uri tos_uri'),
    );
  });

  it('R-06 takes issued members through no channel', () => {
    const taken = namesWhere(
      ({ issued, channels }) => issued && Object.values(channels).includes('accepted'),
    );
    expect(taken).toEqual([]);
  });

  it('R-58 has a list of choices for every closed list of algorithms and subject types, and takes the list as input only', () => {
    const closed = METADATA_TABLE.filter((member) => 'values' in member && member.values !== null);
    const unlisted = closed.filter((member) => !('choices' in member && member.choices !== null));
    expect(unlisted.map(({ name }) => name)).toEqual(['application_type']);
    for (const member of closed) {
      if (!('choices' in member) || member.choices === null) continue;
      expect(metadataMember(member.choices)).toMatchObject({
        type: 'string[]',
        input_only: true,
        openid: member.openid,
      });
    }
  });

  it('has every switch off by default', () => {
    const switches = METADATA_TABLE.filter(({ type }) => type === 'boolean');
    expect(new Set(switches.map((member) => JSON.stringify(member.default)))).toEqual(
      new Set(['{"kind":"value","value":false}']),
    );
    expect(switches).toHaveLength(5);
  });

  it('C-28 lets no document say where browsers go after signing out', () => {
    expect(metadataMember('post_logout_redirect_uris')?.channels.document).toBe('ignored');
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
