import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../src/contract/json.js';
import { METADATA_TABLE, type MetadataMember } from '../../src/domain/metadata/metadata-table.js';
import { EC_KEY } from './metadata-parsing.js';

const LOOPBACK = ['http://127.0.0.1:8765/callback', 'http://localhost/cb', 'http://[::1]:7/x'];

/** What members whose values mean something to the server may say; others follow from the row. */
const vocabularies: Readonly<Record<string, fc.Arbitrary<JsonValue>>> = {
  redirect_uris: fc.subarray(LOOPBACK, { minLength: 1 }),
  token_endpoint_auth_method: fc.constantFrom('none', 'client_secret_basic', 'client_secret_post'),
  token_endpoint_auth_methods_supported: fc.subarray(['none', 'client_secret_post', 'client_secret_jwt'], {
    minLength: 1,
  }),
  grant_types: fc.subarray(['refresh_token', 'implicit']).map((more) => ['authorization_code', ...more]),
  response_types: fc.constantFrom<JsonValue>(['code'], ['code', 'token'], []),
  scope: fc.constantFrom('mcp:tools', 'mcp:tools offline_access', 'openid unknown'),
};

/** A plausible value of a member, or one that counts as left out. */
function valueOf(member: MetadataMember): fc.Arbitrary<JsonValue> {
  const value = vocabularies[member.name] ?? ofType(member);
  return fc.oneof({ weight: 6, arbitrary: value }, { weight: 1, arbitrary: fc.constantFrom(null, '') });
}

function ofType(member: MetadataMember): fc.Arbitrary<JsonValue> {
  switch (member.type) {
    case 'url':
      return fc.constantFrom(
        'https://app.example/',
        'https://app.example/about?x=1',
        'http://app.example/#x',
      );
    case 'url[]':
      return fc.subarray(LOOPBACK);
    case 'string':
      return fc.constantFrom(...(member.values ?? ['One', ' Two  words ', 'Café']));
    case 'string[]':
      return fc.subarray([...(member.values ?? ['one', 'two'])]);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.nat(10_000);
    case 'jwks':
      return fc.constant({ keys: [EC_KEY] });
  }
}

/**
 * A body with members of the table, of any number; mostly one that is accepted at once. New rows of the table join by
 * themselves.
 */
export const metadataBody: fc.Arbitrary<JsonObject> = fc
  .record({
    redirect_uris: vocabularies['redirect_uris']!,
    members: fc
      .subarray(
        METADATA_TABLE.filter(({ issued, name }) => !issued && name !== 'redirect_uris'),
        { maxLength: 7 },
      )
      .chain((members) =>
        fc.tuple(
          ...members.map((member) =>
            fc.tuple(
              member.internationalised
                ? fc.constantFrom(member.name, `${member.name}#fr`)
                : fc.constant(member.name),
              valueOf(member),
            ),
          ),
        ),
      ),
  })
  .map(({ redirect_uris, members }) => ({ redirect_uris, ...Object.fromEntries(members) }));
