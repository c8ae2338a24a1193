import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Mistakes that real servers make: each turns one behaviour of the sound server into a wrong one. */
export const mistakes = [
  'refuses a charset',
  'takes forms',
  'refuses unknown members',
  'echoes unknown members',
  'registers wrong types',
  'needs a token without saying so',
  'calls a wrong token something else',
  'registers inconsistent grants',
  'answers errors as problem details',
  'answers errors with 422',
  'has codes of its own',
  'lets errors be cached',
  'answers bad JSON with 500',
  'answers 200',
  'forgets what describes a client',
  'lists its scopes',
  'answers null',
  'makes clients without a method public',
  'leaves out defaults',
  'registers unknown grants',
  'lets credentials be cached',
  'counts milliseconds',
  'has identifiers in other scripts',
  'has one identifier for all',
  'sends a token without an address',
  'drops a redirect URI',
  'needs no redirect URIs',
  'takes an empty list of redirect URIs',
  'takes fragments',
  'takes plain http',
  'takes scripts',
  'refuses private-use schemes',
  'gives public clients a secret',
  'forgets when a secret expires',
  'has one secret for all',
  'registers both kinds of keys',
  'changes names in other languages',
  'believes unsigned statements',
  'believes strangers',
  'returns statements it did not use',
  'keeps the statement it used',
  'prefers plain values',
  'manages without a token',
  'takes any token',
  'sends no challenge',
  'answers an unknown client with 404',
  'takes the token of another client',
  'reads without the token',
  'reads another name',
  'lets reads be cached',
  'answers updates with 204',
  'merges updates',
  'adds to lists',
  'reads what was',
  'updates whoever is named',
  'updates whoever is not named',
  'lets clients choose dates',
  'ignores what clients must not send',
  'lets clients choose secrets',
  'refuses the current secret',
  'updates to fragments',
  'deletes with 200',
  'answers reads of the deleted with 404',
  'answers the second deletion with 404',
  'knows the deleted at the token endpoint',
  'redirects for the deleted',
  'redirects for the unknown',
  'redirects anywhere',
  'compares prefixes',
  'compares loopback ports',
  'wants the port of localhost',
  'forgets iss',
  'answers token errors as text',
  'does not know the registered',
  'lets token errors be cached',
  'serves metadata as text',
  'has another issuer',
  'has a query in its issuer',
  'has no token endpoint',
  'has an empty list',
  'does not say with which algorithms',
  'does not offer S256',
  'does not offer iss',
  'does not offer none',
  'keeps metadata from scripts',
  'keeps registration from scripts',
  'keeps errors from scripts',
  'keeps tokens from scripts',
  'registers nobody',
  'refuses clients in the field',
] as const;
export type Mistake = (typeof mistakes)[number];

type Json = Record<string, unknown>;

interface Client {
  readonly id: string;
  metadata: Json;
  secret: string | undefined;
  token: string;
  /** What was registered first. */
  readonly first: Json;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

const KNOWN = new Set([
  'redirect_uris',
  'token_endpoint_auth_method',
  'grant_types',
  'response_types',
  'client_name',
  'client_uri',
  'scope',
  'contacts',
  'software_id',
  'software_version',
  'application_type',
  'jwks',
  'jwks_uri',
]);
const LISTS = new Set(['redirect_uris', 'grant_types', 'response_types', 'contacts']);
const FORBIDDEN = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
];
const METHODS = ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'];
const GRANTS = ['authorization_code', 'refresh_token'];
const PORT = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost))(?::\d+)?(\/|$)/;

/** Statements with this `iss` are taken for genuine. */
export const TRUSTED_ISSUER = 'https://publisher.example.org';

class Refusal extends Error {
  constructor(
    readonly error: string,
    description: string,
  ) {
    super(description);
  }
}

/** A server in memory that does everything right, except for the mistakes it is told to make. */
export interface SoundServer {
  readonly issuer: string;
  /** The clients that are still there. */
  readonly clients: ReadonlyMap<string, unknown>;
  /** Requests to registration so far. */
  readonly registrations: () => number;
  stop(): Promise<void>;
}

interface Options {
  readonly mistake?: Mistake | undefined;
  /** Registration needs this token. */
  readonly initialAccessToken?: string;
  /** Every so many registrations are answered with 429 first. */
  readonly limitEvery?: number;
  /** Value of `Retry-After` on these. */
  readonly retryAfter?: string;
}

export async function startSoundServer(options: Options = {}): Promise<SoundServer> {
  const { mistake, initialAccessToken, limitEvery, retryAfter = '0' } = options;
  const makes = (each: Mistake): boolean => mistake === each;
  const clients = new Map<string, Client>();
  const gone = new Map<string, Client>();
  const noStore = (unless: Mistake): Record<string, string> =>
    makes(unless) ? {} : { 'Cache-Control': 'no-store', Pragma: 'no-cache' };
  let issuer = '';
  let registrations = 0;

  const refusal = (error: string, description: string): Answer => {
    if (makes('answers errors as problem details'))
      return {
        status: 400,
        body: { title: description, status: 400 },
        headers: noStore('lets errors be cached'),
      };
    return {
      status: makes('answers errors with 422') ? 422 : 400,
      body: { error: makes('has codes of its own') ? 'bad_request' : error, error_description: description },
      headers: noStore('lets errors be cached'),
    };
  };
  const unauthorized = (error: string | undefined, silent: Mistake): Answer => {
    const named =
      error === undefined || makes('calls a wrong token something else') ? '' : ` error="${error}"`;
    return {
      status: 401,
      body: { error: 'invalid_token' },
      headers: {
        'Cache-Control': 'no-store',
        ...(makes(silent) ? {} : { 'WWW-Authenticate': `Bearer${named}` }),
      },
    };
  };

  function checkRedirectUri(uri: string, updating: boolean): void {
    const bad = (why: string): never => {
      throw new Refusal('invalid_redirect_uri', `redirect_uris: ${why}`);
    };
    const scheme = /^([a-z][a-z\d+.-]*):/i.exec(uri)?.[1];
    if (scheme === undefined) bad('a URI has a scheme');
    if (uri.includes('#') && !makes('takes fragments') && !(updating && makes('updates to fragments')))
      bad('a URI has no fragment');
    if (scheme === 'http' && !PORT.test(uri) && !makes('takes plain http')) bad('http is for loopback');
    if ((scheme === 'javascript' || scheme === 'data') && !makes('takes scripts')) bad('no scripts');
    if (scheme?.includes('.') && makes('refuses private-use schemes')) bad('no private-use schemes');
  }

  function parse(body: Json, updating = false): Json {
    const metadata: Json = {};
    for (const [name, value] of Object.entries(body)) {
      const [base = '', language] = name.split('#');
      if (value === null || value === '' || (language !== undefined && base !== 'client_name')) continue;
      if (!KNOWN.has(base)) {
        if (makes('refuses unknown members') && name.startsWith('conformance_'))
          throw new Refusal('invalid_client_metadata', `${name} is unknown`);
        if (makes('echoes unknown members') && name.startsWith('conformance_')) metadata[name] = value;
        continue;
      }
      if (base === 'scope' && makes('lists its scopes')) continue;
      const right = LISTS.has(base)
        ? Array.isArray(value) && value.every((each) => typeof each === 'string')
        : base === 'jwks' || typeof value === 'string';
      if (!right && !(makes('registers wrong types') && base === 'client_name'))
        throw new Refusal('invalid_client_metadata', `${name} has the wrong type`);
      metadata[name] = language !== undefined && makes('changes names in other languages') ? '?' : value;
    }
    if (metadata['jwks'] !== undefined && metadata['jwks_uri'] !== undefined) {
      if (!makes('registers both kinds of keys'))
        throw new Refusal('invalid_client_metadata', 'jwks and jwks_uri exclude each other');
    }
    const uris = (metadata['redirect_uris'] ?? []) as string[];
    if (metadata['redirect_uris'] === undefined && !makes('needs no redirect URIs'))
      throw new Refusal('invalid_redirect_uri', 'redirect_uris is missing');
    if (metadata['redirect_uris'] !== undefined && uris.length === 0) {
      if (!makes('takes an empty list of redirect URIs'))
        throw new Refusal('invalid_redirect_uri', 'redirect_uris is empty');
    }
    for (const uri of uris) checkRedirectUri(uri, updating);

    const choices = body['token_endpoint_auth_methods_supported'] as string[] | undefined;
    const usual = makes('makes clients without a method public') ? 'none' : 'client_secret_basic';
    metadata['token_endpoint_auth_method'] ??= choices?.find((each) => METHODS.includes(each)) ?? usual;
    if (!makes('leaves out defaults')) metadata['grant_types'] ??= ['authorization_code'];
    if (!makes('leaves out defaults')) metadata['response_types'] ??= ['code'];
    if (!makes('registers unknown grants') && metadata['grant_types'] !== undefined)
      metadata['grant_types'] = (metadata['grant_types'] as string[]).filter((each) => GRANTS.includes(each));
    const responses = (metadata['response_types'] ?? ['code']) as string[];
    if (responses.some((each) => each !== 'code') && !makes('registers inconsistent grants'))
      throw new Refusal('invalid_client_metadata', 'response_types does not fit grant_types');
    applyStatement(body, metadata);
    return metadata;
  }

  /** A statement of the trusted issuer counts; all others are ignored. */
  function applyStatement({ software_statement: statement }: Json, metadata: Json): void {
    if (typeof statement !== 'string') return;
    const [header, claims] = statement.split('.').slice(0, 2).map(decode) as [Json, Json];
    const believed = header['alg'] === 'none' ? 'believes unsigned statements' : 'believes strangers';
    const trusted = claims['iss'] === TRUSTED_ISSUER;
    if (makes('returns statements it did not use')) metadata['software_statement'] = statement;
    if (!makes(believed) && !trusted) return;
    if (!makes('prefers plain values')) metadata['client_name'] = claims['client_name'];
    if (trusted && !makes('keeps the statement it used')) metadata['software_statement'] = statement;
  }

  function information(client: Client, secret?: string): Json {
    const at = Math.floor(Date.now() / 1_000);
    const answer: Json = {
      client_id: client.id,
      client_id_issued_at: makes('counts milliseconds') ? Date.now() : at,
      ...(secret === undefined ? {} : { client_secret: secret }),
      ...(client.secret === undefined || makes('forgets when a secret expires')
        ? {}
        : { client_secret_expires_at: 0 }),
      ...client.metadata,
      registration_access_token: client.token,
      registration_client_uri: `${issuer}/register/${client.id}`,
    };
    if (makes('sends a token without an address')) delete answer['registration_client_uri'];
    if (makes('lists its scopes')) answer['scope'] = ['mcp:tools'];
    if (makes('answers null')) answer['logo_uri'] = null;
    if (makes('forgets what describes a client')) delete answer['contacts'];
    return answer;
  }

  function register(request: IncomingMessage, text: string): Answer {
    registrations += 1;
    if (limitEvery !== undefined && registrations % limitEvery === 0)
      return { status: 429, body: { error: 'rate_limited' }, headers: { 'Retry-After': retryAfter } };
    const { authorization } = request.headers;
    const needed = initialAccessToken ?? (makes('needs a token without saying so') ? 'secret' : undefined);
    if (needed !== undefined && authorization !== `Bearer ${needed}`)
      return unauthorized(authorization && 'invalid_token', 'needs a token without saying so');
    if (authorization !== undefined && needed === undefined)
      return unauthorized('invalid_token', 'needs a token without saying so');
    if (
      makes('registers nobody') ||
      (makes('refuses clients in the field') && request.headers['user-agent'] === 'node')
    )
      return refusal('invalid_client_metadata', 'not today');
    const type = request.headers['content-type'] ?? '';
    if (type.includes('charset') && makes('refuses a charset'))
      return refusal('invalid_client_metadata', 'charset');
    let body: Json;
    if (type.includes('form') && makes('takes forms')) {
      const form = new URLSearchParams(text);
      body = { redirect_uris: form.getAll('redirect_uris'), client_name: form.get('client_name') };
    } else if (!type.startsWith('application/json')) {
      return { ...refusal('invalid_client_metadata', 'JSON is needed'), status: 415 };
    } else {
      try {
        body = JSON.parse(text) as Json;
      } catch {
        return makes('answers bad JSON with 500')
          ? { status: 500, body: { error: 'server_error' } }
          : refusal('invalid_client_metadata', 'this is no JSON');
      }
    }
    const metadata = parse(body);
    const uris = metadata['redirect_uris'] as string[] | undefined;
    if (makes('drops a redirect URI') && uris !== undefined && uris.length > 1) uris.pop();
    const id = makes('has one identifier for all') ? 'c_same' : `c_${randomBytes(12).toString('hex')}`;
    const confidential = String(metadata['token_endpoint_auth_method']).startsWith('client_secret_');
    const secret = makes('has one secret for all') ? 's_same' : `s_${randomBytes(24).toString('hex')}`;
    const client: Client = {
      id: makes('has identifiers in other scripts') ? `ключ_${id}` : id,
      metadata,
      secret: confidential ? secret : undefined,
      token: `t_${randomBytes(24).toString('hex')}`,
      first: structuredClone(metadata),
    };
    clients.set(client.id, client);
    const shown = confidential || makes('gives public clients a secret') ? secret : undefined;
    return {
      status: makes('answers 200') ? 200 : 201,
      body: information(client, shown),
      headers: noStore('lets credentials be cached'),
    };
  }

  function manage(request: IncomingMessage, id: string, text: string): Answer {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const client = clients.get(id);
    if (client === undefined) {
      const was = gone.get(id);
      const missing =
        was === undefined
          ? makes('answers an unknown client with 404')
          : request.method === 'DELETE'
            ? makes('answers the second deletion with 404')
            : makes('answers reads of the deleted with 404');
      return missing
        ? { status: 404, body: { error: 'not_found' } }
        : unauthorized('invalid_token', 'sends no challenge');
    }
    const known = [...clients.values()].some((each) => each.token === token);
    const authorized =
      token === client.token ||
      (token === undefined && makes('manages without a token')) ||
      (token !== undefined && !known && makes('takes any token')) ||
      (known && makes('takes the token of another client'));
    if (!authorized) return unauthorized(token && 'invalid_token', 'sends no challenge');
    if (request.method === 'DELETE') {
      clients.delete(id);
      gone.set(id, client);
      return makes('deletes with 200') ? { status: 200, body: {} } : { status: 204 };
    }
    if (request.method === 'PUT') {
      const refused = update(client, JSON.parse(text) as Json);
      if (refused !== undefined) return refused;
      if (makes('answers updates with 204')) return { status: 204 };
      return { status: 200, body: information(client), headers: noStore('lets reads be cached') };
    }
    const read = information(makes('reads what was') ? { ...client, metadata: client.first } : client);
    if (makes('reads without the token')) delete read['registration_access_token'];
    if (makes('reads another name')) read['client_name'] = 'Somebody';
    return { status: 200, body: read, headers: noStore('lets reads be cached') };
  }

  function update(client: Client, body: Json): Answer | undefined {
    const named = body['client_id'];
    if (named === undefined && !makes('updates whoever is not named'))
      return refusal('invalid_client_metadata', 'client_id is missing');
    if (named !== undefined && named !== client.id && !makes('updates whoever is named'))
      return refusal('invalid_client_metadata', 'client_id is another');
    const forbidden = FORBIDDEN.find((name) => name in body);
    if (forbidden !== undefined) {
      if (!makes('ignores what clients must not send') && !makes('lets clients choose dates'))
        return refusal('invalid_client_metadata', `${forbidden} must not be sent`);
    }
    if ('client_secret' in body) {
      const same = body['client_secret'] === client.secret;
      if (!same && !makes('lets clients choose secrets'))
        return refusal('invalid_client_metadata', 'client_secret is another');
      if (same && makes('refuses the current secret'))
        return refusal('invalid_client_metadata', 'client_secret must not be sent');
      if (!same) client.secret = body['client_secret'] as string;
    }
    const metadata = parse(body, true);
    if (makes('lets clients choose dates') && forbidden === 'client_id_issued_at')
      metadata[forbidden] = body[forbidden];
    if (makes('adds to lists'))
      metadata['redirect_uris'] = [
        ...new Set([
          ...(client.metadata['redirect_uris'] as string[]),
          ...(metadata['redirect_uris'] as string[]),
        ]),
      ];
    client.metadata = makes('merges updates') ? { ...client.metadata, ...metadata } : metadata;
    return undefined;
  }

  function matches(registered: string, requested: string): boolean {
    if (registered === requested) return true;
    if (makes('compares prefixes') && requested.startsWith(registered)) return true;
    if (makes('compares loopback ports') && PORT.test(registered) && !registered.includes('localhost'))
      return false;
    if (makes('wants the port of localhost') && registered.includes('localhost')) return false;
    return PORT.test(registered) && registered.replace(PORT, '$1$2') === requested.replace(PORT, '$1$2');
  }

  function authorize(url: URL): Answer {
    const id = url.searchParams.get('client_id') ?? '';
    const redirectUri = url.searchParams.get('redirect_uri') ?? '';
    const back = (parameters: Record<string, string>): Answer => {
      const target = new URL(redirectUri);
      const iss: Record<string, string> = makes('forgets iss') ? {} : { iss: identifier() };
      for (const [name, value] of Object.entries({ ...parameters, ...iss }))
        target.searchParams.set(name, value);
      return { status: 302, headers: { Location: target.href } };
    };
    const page = { status: 400, body: { error: 'invalid_request' } };
    const client = clients.get(id);
    if (client === undefined) {
      const redirects = makes(gone.has(id) ? 'redirects for the deleted' : 'redirects for the unknown');
      return redirects ? back({ error: 'unauthorized_client' }) : page;
    }
    const uris = client.metadata['redirect_uris'] as string[];
    if (!uris.some((uri) => matches(uri, redirectUri)))
      return makes('redirects anywhere') && redirectUri.startsWith('https:')
        ? back({ error: 'invalid_request' })
        : page;
    if (url.searchParams.get('response_type') !== 'code') return back({ error: 'unsupported_response_type' });
    return { status: 302, headers: { Location: `${issuer}/sign-in` } };
  }

  function token(request: IncomingMessage, text: string): Answer {
    const form = new URLSearchParams(text);
    const basic = /^Basic (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const [id, secret] =
      basic === undefined
        ? [form.get('client_id') ?? '', form.get('client_secret') ?? undefined]
        : Buffer.from(basic, 'base64').toString().split(':').map(decodeURIComponent);
    const client =
      clients.get(id ?? '') ??
      (makes('knows the deleted at the token endpoint') ? gone.get(id ?? '') : undefined);
    const error =
      client === undefined || client.secret !== secret || makes('does not know the registered')
        ? 'invalid_client'
        : 'invalid_grant';
    if (makes('answers token errors as text'))
      return {
        status: 400,
        body: { error },
        headers: { 'Content-Type': 'text/plain', 'Cache-Control': 'no-store' },
      };
    return {
      status: error === 'invalid_client' ? 401 : 400,
      body: { error },
      headers: noStore('lets token errors be cached'),
    };
  }

  function identifier(): string {
    if (makes('has a query in its issuer')) return `${issuer}?tenant=1`;
    return makes('has another issuer') ? `${issuer}/` : issuer;
  }

  function metadata(): Answer {
    const published: Json = {
      issuer: identifier(),
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      registration_endpoint: `${issuer}/register`,
      response_types_supported: ['code'],
      grant_types_supported: GRANTS,
      token_endpoint_auth_methods_supported: METHODS,
      token_endpoint_auth_signing_alg_values_supported: ['ES256'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    };
    if (makes('has no token endpoint')) delete published['token_endpoint'];
    if (makes('has an empty list')) published['scopes_supported'] = [];
    if (makes('does not say with which algorithms'))
      delete published['token_endpoint_auth_signing_alg_values_supported'];
    if (makes('does not offer S256')) published['code_challenge_methods_supported'] = ['plain'];
    if (makes('does not offer iss')) delete published['authorization_response_iss_parameter_supported'];
    if (makes('does not offer none')) published['token_endpoint_auth_methods_supported'] = METHODS.slice(1);
    const headers: Record<string, string> = makes('serves metadata as text')
      ? { 'Content-Type': 'text/plain' }
      : {};
    return { status: 200, body: published, headers };
  }

  function answer(request: IncomingMessage, text: string): Answer {
    const url = new URL(request.url ?? '/', issuer);
    const [, first, id] = url.pathname.split('/');
    if (request.method === 'OPTIONS') return { status: 204 };
    if (first === '.well-known') return url.pathname.endsWith('server') ? metadata() : { status: 404 };
    if (first === 'authorize') return authorize(url);
    if (first === 'token') return token(request, text);
    if (first !== 'register') return { status: 404 };
    try {
      return id === undefined ? register(request, text) : manage(request, decodeURIComponent(id), text);
    } catch (error) {
      if (error instanceof Refusal) return refusal(error.error, error.message);
      throw error;
    }
  }

  function forScripts(path: string, status: number): Record<string, string> {
    const kept =
      (path.startsWith('/.well-known') && makes('keeps metadata from scripts')) ||
      (path === '/register' && status < 400 && makes('keeps registration from scripts')) ||
      (path === '/register' && status >= 400 && makes('keeps errors from scripts')) ||
      (path === '/token' && makes('keeps tokens from scripts'));
    return kept
      ? {}
      : {
          'Access-Control-Allow-Origin': '*',
          'Access-Control-Allow-Headers': 'content-type, authorization, mcp-protocol-version',
        };
  }

  function respond(request: IncomingMessage, response: ServerResponse, text: string): void {
    const { status, body, headers } = answer(request, text);
    response.writeHead(status, {
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...forScripts(request.url ?? '', status),
      ...headers,
    });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => respond(request, response, Buffer.concat(chunks).toString()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    clients,
    registrations: () => registrations,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function decode(part: string): unknown {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as unknown;
}
