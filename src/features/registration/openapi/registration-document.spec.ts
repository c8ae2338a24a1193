import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import type { LooseJson } from '../../../../test/support/loose-json.js';
import { EC_KEY, parsed } from '../../../../test/support/metadata-parsing.js';
import { contractOf } from '../../../../test/support/openapi-contract.js';
import type { JsonObject } from '../../../contract/json.js';
import { clientInformationMembers } from '../../../domain/metadata/client-information.js';
import { METADATA_TABLE } from '../../../domain/metadata/metadata-table.js';
import { registrationDocument } from './registration-document.js';
import { REQUEST_EXAMPLES } from './request-examples.js';

const REALM = { issuer: 'https://clients.example/weather', registration: 'open' } as const;
const document: LooseJson = registrationDocument(REALM);
const { ClientMetadata, ClientReplacement, ClientInformation } = document.components.schemas;
const contract = contractOf(document);

const read = (file: string): LooseJson =>
  JSON.parse(readFileSync(new URL(`../../../../test/fixtures/${file}`, import.meta.url), 'utf8'));

describe('the OpenAPI document', () => {
  test('is valid OpenAPI 3.1', () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(ajv);
    ajv.addFormat('media-range', true);
    const validate = ajv.compile(read('openapi/schema-3.1.json'));
    validate(document);
    expect(validate.errors ?? []).toEqual([]);
    expect(validate({ ...document, paths: { register: {} } })).toBe(false);
  });

  test('refers only to what is there', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/([^"]+)"/g)].map(
      ([, place]) => place!.split('/') as [string, string],
    );
    expect(references.length).toBeGreaterThan(50);
    for (const [kind, name] of references) expect(document.components[kind]).toHaveProperty([name]);
  });

  test('leaves no component unused', () => {
    const text = JSON.stringify(document);
    for (const kind of ['schemas', 'responses', 'headers', 'parameters'])
      for (const name of Object.keys(document.components[kind]))
        expect(text).toContain(`"#/components/${kind}/${name}"`);
  });

  test('names each operation, and every failure has the OAuth error body', () => {
    const operations: LooseJson[] = Object.values<LooseJson>(document.paths).flatMap((path: LooseJson) =>
      Object.entries<LooseJson>(path)
        .filter(([method]) => method !== 'parameters')
        .map(([, operation]) => operation),
    );
    const ids = operations.map(({ operationId }) => operationId as string);
    expect(ids.toSorted()).toEqual([
      'deleteClient',
      'readClient',
      'registerClient',
      'registerClientWithToken',
      'replaceClient',
    ]);
    for (const { responses } of operations) {
      for (const [status, { $ref }] of Object.entries<LooseJson>(responses)) {
        if (Number(status) < 400) continue;
        const described = document.components.responses[$ref.split('/').at(-1)];
        expect(described.content['application/json'].schema.$ref).toBe('#/components/schemas/Error');
      }
    }
  });

  test('has examples of answers that are as it says', () => {
    for (const response of Object.values<LooseJson>(document.components.responses)) {
      const { schema, examples = {} } = response.content?.['application/json'] ?? {};
      for (const { value } of Object.values<LooseJson>(examples)) {
        const validate = contract.schema(schema.$ref.split('/').at(-1));
        validate(value);
        expect(validate.errors ?? []).toEqual([]);
      }
    }
  });

  test.each([
    ['open', [{}, { initialAccessToken: [] }]],
    ['token', [{ initialAccessToken: [] }]],
    ['closed', [{ initialAccessToken: [] }]],
  ] as const)('says who may register where registration is %s', (registration, security) => {
    const described: LooseJson = registrationDocument({ ...REALM, registration });
    expect(described.paths['/register'].post.security).toEqual(security);
    expect(described.paths['/register/protected'].post.security).toEqual([{ initialAccessToken: [] }]);
    expect(described.servers).toEqual([{ url: REALM.issuer }]);
  });
});

/** A value that each row takes, so that a new row is tried by itself. */
const SAMPLES: Readonly<Record<string, (values: readonly string[] | null) => unknown>> = {
  url: () => 'https://a.example/b',
  'url[]': () => ['https://a.example/b'],
  string: (values) => values?.[0] ?? 'text',
  'string[]': (values) => [values?.[0] ?? 'text'],
  boolean: () => true,
  integer: () => 1,
  jwks: () => ({ keys: [EC_KEY] }),
};

describe('the schema of client metadata', () => {
  const accepted = METADATA_TABLE.filter((row) => !row.issued && row.channels.dynamic === 'accepted');

  test('has exactly the members that a client may send', () => {
    expect(Object.keys(ClientMetadata.properties)).toEqual(accepted.map(({ name }) => name));
    expect(Object.keys(ClientMetadata.patternProperties)).toHaveLength(
      accepted.filter((row) => row.internationalised).length,
    );
  });

  test.each(accepted.map((row) => [row.name, row] as const))(
    '%s takes its own type and no other',
    (name, row) => {
      const validate = contract.schema('ClientMetadata');
      const sample = SAMPLES[row.type]!('values' in row ? row.values : null);
      expect([validate({ [name]: sample }), validate.errors]).toEqual([true, null]);
      for (const wrong of [{ no: 'type' }, 1.5, -1, [[]], [1], 'not a \u0000 uri' + 'x'.repeat(2100)])
        expect(validate({ [name]: wrong })).toBe(false);
    },
  );

  test.each(accepted.filter((row) => row.internationalised).map((row) => [row.name, row] as const))(
    'R-80 %s takes variants for languages, of the same type',
    (name, row) => {
      const validate = contract.schema('ClientMetadata');
      expect(validate({ [`${name}#ja-Jpan-JP`]: SAMPLES[row.type]!(null) })).toBe(true);
      expect(validate({ [`${name}#ja-Jpan-JP`]: 1 })).toBe(false);
    },
  );

  test('R-05 takes members that nobody knows, as a profile may declare them', () => {
    expect(contract.schema('ClientMetadata')({ cost_center: '4711' })).toBe(true);
  });

  test('V2 takes no name that could reach into objects', () => {
    expect(contract.schema('ClientMetadata')(JSON.parse('{"__proto__": 1}'))).toBe(false);
  });

  test('marks what is personal data', () => {
    const marked = Object.entries<LooseJson>(ClientMetadata.properties)
      .filter(([, schema]) => schema['x-personal-data'])
      .map(([name]) => name);
    expect(marked).toEqual(accepted.filter((row) => row.personal).map(({ name }) => name));
    expect(marked).toContain('contacts');
  });

  test.each(Object.entries(REQUEST_EXAMPLES))(
    '%s is an example that the parser and the schema take',
    (name, { value }) => {
      const validate = contract.schema('ClientMetadata');
      validate(value);
      expect(validate.errors ?? []).toEqual([]);
      const { metadata } = parsed(value);
      const answer = { ...clientInformationMembers(metadata), ...ISSUED };
      expect([contract.schema('ClientInformation')(answer), name]).toEqual([true, name]);
    },
  );

  test.each(['minimal', 'claude-code', 'cursor', 'typescript-sdk-machine'])(
    '%s is what that client sends',
    (name) => {
      expect(REQUEST_EXAMPLES[name]?.value).toEqual(read(`dcr/${name}.json`) as JsonObject);
    },
  );
});

const ISSUED = { client_id: 'c_1', client_id_issued_at: 1795514038, client_status: 'active' };

describe('the schema of a replacement', () => {
  const validate = contract.schema('ClientReplacement');

  test('M-21 needs the client_id, M-23 may have the secret', () => {
    expect(validate({})).toBe(false);
    expect(validate({ client_id: 'c_1', client_secret: 'cs_1' })).toBe(true);
    expect(Object.keys(ClientReplacement.properties).slice(0, 2)).toEqual(['client_id', 'client_secret']);
  });

  test.each([
    'registration_access_token',
    'registration_client_uri',
    'client_secret_expires_at',
    'client_id_issued_at',
  ])('M-22 does not take %s', (name) => {
    expect(validate({ client_id: 'c_1', [name]: 1 })).toBe(false);
  });
});

describe('the schema of an answer', () => {
  test('has every member that may be answered, those of the server read-only', () => {
    const described = Object.entries<LooseJson>(ClientInformation.properties);
    const readOnly = described.filter(([, schema]) => schema.readOnly).map(([name]) => name);
    const answered = METADATA_TABLE.filter((row) => !row.input_only);
    const own = ['client_status', 'pending_change'];
    expect(described.map(([name]) => name)).toEqual([...answered.map(({ name }) => name), ...own]);
    expect(readOnly).toEqual([...answered.filter((row) => row.issued).map(({ name }) => name), ...own]);
  });

  test.each([
    ['R-63 a secret without its expiry', { client_secret: 'cs_1' }],
    ['R-68 a token without its address', { registration_access_token: 'rat_1' }],
    ['T-02 an expiry as text', { client_secret: 'cs_1', client_secret_expires_at: '0' }],
    ['T-01 a null', { client_uri: null }],
    ['T-01 an empty text', { client_name: '' }],
  ])('does not take %s', (_, wrong) => {
    const { metadata } = parsed(REQUEST_EXAMPLES['minimal']!.value);
    const answer = { ...clientInformationMembers(metadata), ...ISSUED };
    const validate = contract.schema('ClientInformation');
    expect(validate(answer)).toBe(true);
    expect(validate({ ...answer, ...wrong })).toBe(false);
  });
});
