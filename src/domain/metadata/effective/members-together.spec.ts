import { describe, expect, it } from 'vitest';
import {
  EC_KEY,
  members,
  parsed,
  parseOptions,
  refusalOf,
  SERVER,
} from '../../../../test/support/metadata-parsing.js';

const jwks = { keys: [EC_KEY] };
const withCertificates = parseOptions({
  token_endpoint_auth_methods: [
    ...SERVER.token_endpoint_auth_methods,
    'tls_client_auth',
    'self_signed_tls_client_auth',
  ],
});
const withIdTokens = parseOptions({ scopes: [...SERVER.scopes, 'openid'] });
const metadata = (text: string): string => `invalid_client_metadata: ${text}`;

describe('client certificates (RFC 8705)', () => {
  const tls = { token_endpoint_auth_method: 'tls_client_auth' };
  const subjects = {
    tls_client_auth_subject_dn: 'CN=a.example,O=Acme',
    tls_client_auth_san_dns: 'a.example',
    tls_client_auth_san_uri: 'spiffe://a.example/app',
    tls_client_auth_san_ip: '192.0.2.1',
    tls_client_auth_san_email: 'ops@a.example',
  };

  it.each(Object.entries(subjects))('R-55 tls_client_auth takes %s alone', (name, value) => {
    expect(members({ ...tls, [name]: value }, withCertificates)).toMatchObject({ ...tls, [name]: value });
  });

  it('R-55 tls_client_auth needs exactly one of the five', () => {
    const fault = metadata('certificate_subject_ambiguous token_endpoint_auth_method');
    expect(refusalOf(tls, withCertificates)).toBe(fault);
    expect(refusalOf({ ...tls, ...subjects }, withCertificates)).toBe(fault);
    const { tls_client_auth_san_dns, tls_client_auth_san_ip } = subjects;
    expect(refusalOf({ ...tls, tls_client_auth_san_dns, tls_client_auth_san_ip }, withCertificates)).toBe(
      fault,
    );
    expect(refusalOf({ ...tls, tls_client_auth_san_dns: '' }, withCertificates)).toBe(fault);
  });

  it('R-55 R-58 finds another method of the choices where none of the five is there', () => {
    const choices = { token_endpoint_auth_methods_supported: ['tls_client_auth', 'none'] };
    expect(members(choices, withCertificates).token_endpoint_auth_method).toBe('none');
  });

  it('R-52 self_signed_tls_client_auth needs a key', () => {
    const method = { token_endpoint_auth_method: 'self_signed_tls_client_auth' };
    expect(refusalOf(method, withCertificates)).toBe(
      metadata('key_source_missing token_endpoint_auth_method'),
    );
    expect(members({ ...method, jwks }, withCertificates)).toMatchObject(method);
  });

  it('R-57 D-8 refuses both methods where no certificate reaches the server', () => {
    for (const method of ['tls_client_auth', 'self_signed_tls_client_auth']) {
      expect(
        refusalOf({ token_endpoint_auth_method: method, jwks, tls_client_auth_san_dns: 'a.example' }),
      ).toBe(metadata('authentication_method_unsupported token_endpoint_auth_method'));
    }
  });

  it('registers no subject beside a method that shows no certificate', () => {
    const registered = members({ token_endpoint_auth_method: 'none', ...subjects }, withCertificates);
    for (const name of Object.keys(subjects)) expect(registered).not.toHaveProperty(name);
  });

  it.each(['javascript:alert(1)', 'https://user@a.example/', 'https://a.example/%00', 'spiffe://*/x', 'x'])(
    'P6 R-43 refuses %s as the name in a certificate',
    (uri) => {
      expect(refusalOf({ ...tls, tls_client_auth_san_uri: uri }, withCertificates)).toContain(
        'tls_client_auth_san_uri',
      );
    },
  );

  it('promises no token bound to a certificate that never arrives', () => {
    const bound = { tls_client_certificate_bound_access_tokens: true };
    expect(refusalOf(bound)).toBe(
      metadata('certificate_binding_unsupported tls_client_certificate_bound_access_tokens'),
    );
    expect(members(bound, withCertificates)).toMatchObject(bound);
    expect(refusalOf({ tls_client_certificate_bound_access_tokens: false })).toBeNull();
  });

  it('refuses tokens bound to a certificate and to a DPoP key at once', () => {
    expect(
      refusalOf(
        { tls_client_certificate_bound_access_tokens: true, dpop_bound_access_tokens: true },
        withCertificates,
      ),
    ).toBe(metadata('token_binding_conflict dpop_bound_access_tokens'));
  });
});

describe('signed requests (RFC 9101)', () => {
  it('need a key to verify them with', () => {
    expect(refusalOf({ require_signed_request_object: true })).toBe(
      metadata('key_source_missing require_signed_request_object'),
    );
    expect(refusalOf({ request_object_signing_alg: 'ES256' })).toBe(
      metadata('key_source_missing request_object_signing_alg'),
    );
    for (const keys of [{ jwks }, { jwks_uri: 'https://a.example/jwks' }]) {
      expect(
        refusalOf({ require_signed_request_object: true, request_object_signing_alg: 'ES256', ...keys }),
      ).toBeNull();
    }
  });

  it.each(['none', 'HS256'])('D-8 refuses %s', (algorithm) => {
    expect(refusalOf({ request_object_signing_alg: algorithm, jwks })).toBe(
      metadata('value_unsupported request_object_signing_alg'),
    );
  });
});

describe('authorization details (RFC 9396)', () => {
  it('R-23 narrows the types to those that can be granted', () => {
    const asked = { authorization_details_types: ['payment', 'account', 'payment'] };
    expect(members(asked)).not.toHaveProperty('authorization_details_types');
    expect(parsed({ redirect_uris: ['https://a.example/cb'], ...asked }).declared).toContain(
      'authorization_details_types',
    );
    const options = parseOptions({ authorization_details_types: ['payment'] });
    expect(members(asked, options)).toMatchObject({ authorization_details_types: ['payment'] });
  });
});

describe('choices', () => {
  const list = 'token_endpoint_auth_signing_alg_values_supported';
  const single = 'token_endpoint_auth_signing_alg';

  it.each<[string, Record<string, unknown>, string | undefined]>([
    ['takes the first that is supported', { [list]: ['HS256', 'PS256', 'ES256'] }, 'PS256'],
    ['prefers the single value', { [list]: ['PS256'], [single]: 'ES256' }, 'ES256'],
    ['passes over a single value that is not', { [list]: ['PS256'], [single]: 'HS256' }, 'PS256'],
    ['registers nothing where nothing was said', {}, undefined],
  ])('R-58 %s, and registers the single member only', (_, body, expected) => {
    const registered = members(body as never);
    expect(registered[single]).toBe(expected);
    expect(registered).not.toHaveProperty(list);
  });

  it('R-58 refuses a list of which nothing is supported', () => {
    expect(refusalOf({ [list]: ['HS256', 'none'] })).toBe(metadata(`value_unsupported ${list}`));
    expect(refusalOf({ [list]: ['HS256'], [single]: 'none' })).toBe(metadata(`value_unsupported ${single}`));
  });

  it('R-58 R-07 forgives no wrong type', () => {
    expect(refusalOf({ [list]: ['ES256'], [single]: 5 })).toBe(metadata(`wrong_type ${single}`));
  });

  it('R-58 holds for every member with choices', () => {
    const body = {
      request_object_signing_alg_values_supported: ['none', 'ES384'],
      id_token_signing_alg_values_supported: ['RS256', 'ES256'],
      subject_types_supported: ['pairwise', 'public'],
      jwks,
    };
    expect(members(body, withIdTokens)).toMatchObject({
      request_object_signing_alg: 'ES384',
      id_token_signed_response_alg: 'ES256',
      subject_type: 'public',
    });
    expect(refusalOf({ id_token_signing_alg_values_supported: ['RS256'] }, withIdTokens)).toBe(
      metadata('value_unsupported id_token_signing_alg_values_supported'),
    );
  });
});

describe('members about ID tokens', () => {
  const body = {
    id_token_signed_response_alg: 'ES256',
    subject_type: 'public',
    default_max_age: 600,
    require_auth_time: true,
  };

  it('O-02 O-03 are understood, with their defaults, where the realm issues ID tokens', () => {
    expect(members(body, withIdTokens)).toMatchObject(body);
    expect(members({}, withIdTokens)).toMatchObject({
      id_token_signed_response_alg: 'ES256',
      subject_type: 'public',
      require_auth_time: false,
    });
  });

  it('R-05 are unknown where it issues none', () => {
    const result = parsed({ redirect_uris: ['https://a.example/cb'], ...body, subject_types_supported: [5] });
    expect(result.ignored).toEqual([...Object.keys(body), 'subject_types_supported'].sort());
    expect(result.metadata.members).toEqual(members({}));
  });

  it.each<[string, Record<string, unknown>]>([
    ['wrong_type', { default_max_age: 1.5 }],
    ['wrong_type', { default_max_age: -1 }],
    ['wrong_type', { default_max_age: '600' }],
    ['wrong_type', { default_max_age: 2 ** 53 }],
    ['wrong_type', { require_auth_time: 'true' }],
    ['value_unsupported', { id_token_signed_response_alg: 'RS256' }],
    ['value_unsupported', { id_token_signed_response_alg: 'none' }],
    ['value_unsupported', { subject_type: 'pairwise' }],
  ])('R-07 O-03 V3 refuses with %s: %j', (fault, wrong) => {
    expect(refusalOf(wrong as never, withIdTokens)).toBe(metadata(`${fault} ${Object.keys(wrong)[0]}`));
  });
});

describe('where browsers go after signing out', () => {
  const goingTo = (uri: string) => refusalOf({ post_logout_redirect_uris: [uri] });

  it.each([
    'https://a.example/bye',
    'http://localhost/bye',
    'http://127.0.0.1:3000',
    'https://a.example/?x=1',
  ])('takes %s', (uri) => {
    expect(goingTo(uri)).toBeNull();
  });

  it.each([
    ['javascript:alert(1)', 'uri_scheme_refused'],
    ['http://a.example/bye', 'uri_http_not_loopback'],
    ['com.example.app:/bye', 'uri_not_https'],
    ['cursor://a.example/bye', 'uri_not_https'],
    ['https://a.example/#x', 'uri_with_fragment'],
    ['https://*.a.example/', 'uri_with_wildcard'],
    ['https://a.example/../x', 'uri_with_path_traversal'],
  ])('P6 R1 refuses %s', (uri, fault) => {
    expect(goingTo(uri)).toBe(metadata(`${fault} post_logout_redirect_uris`));
  });
});
