import { CouldNotRun, NotApplicable, applicableIf } from './outcome.js';
import { answerOf, statusOf, type Exchange, type HttpRequest } from './http/exchange.js';
import type { SendRequest } from './http/http-client.js';
import { aClient, aConfidentialClient, aPublicClient } from './server/client-bodies.js';
import { endpointOf, type Server } from './server/discover.js';
import type { Ledger } from './server/ledger.js';
import { RegisteredClient } from './server/registered-client.js';
import type { StatementSigner } from './software-statement.js';

/** What all tests of a run have in common. */
export interface Session {
  readonly server: Server;
  readonly send: SendRequest;
  readonly ledger: Ledger;
  /** RFC 7591 section 3; undefined when none was given. */
  readonly initialAccessToken: string | undefined;
  /** Of the clients that tests register. */
  readonly redirectUri: string;
  /** Signs software statements that the server trusts; undefined when no key was given. */
  readonly signer: StatementSigner | undefined;
  /** Clients that several tests look at, so that fewer have to be registered. */
  readonly shared: Map<string, Promise<RegisteredClient>>;
  /** Answers to bad requests that several tests look at. */
  readonly refusals: Map<string, Promise<Exchange>>;
}

const SHARED_BODIES = {
  any: aClient,
  public: aPublicClient,
  confidential: aConfidentialClient,
} as const;

interface RegistrationOptions {
  /** `Authorization` of the request; the initial access token, if there is one, unless given. */
  readonly authorization?: string | null;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a test has to work with, and what it has sent. */
export class TestContext {
  /** In the order in which they were sent. */
  readonly exchanges: Exchange[] = [];
  private readonly accounts = new Map<Exchange, RegisteredClient>();

  constructor(private readonly session: Session) {}

  get server(): Server {
    return this.session.server;
  }

  get redirectUri(): string {
    return this.session.redirectUri;
  }

  get signer(): StatementSigner | undefined {
    return this.session.signer;
  }

  get hasInitialAccessToken(): boolean {
    return this.session.initialAccessToken !== undefined;
  }

  async send(request: HttpRequest): Promise<Exchange> {
    const exchange = await this.session.send(request);
    this.exchanges.push(exchange);
    return exchange;
  }

  /** A body that the server should register, with members of the test's own. */
  body(overrides: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
    return aClient(this.server, this.redirectUri, overrides);
  }

  /** @throws NotApplicable where the server offers no authentication by secret */
  confidentialBody(overrides: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
    return { ...aConfidentialClient(this.server, this.redirectUri), ...overrides };
  }

  /**
   * Sends a registration request and returns whatever comes back.
   *
   * @param body JSON, or a string that is sent as it is
   * @throws NotApplicable when registration needs a token and there is none
   * @throws CouldNotRun when the token is refused, or the server refuses for its rate
   */
  async register(body: unknown, options: RegistrationOptions = {}): Promise<Exchange> {
    const token = this.session.initialAccessToken;
    const authorization =
      options.authorization === undefined && token !== undefined ? `Bearer ${token}` : options.authorization;
    const exchange = await this.send({
      method: 'POST',
      url: this.server.registrationEndpoint,
      headers: {
        'Content-Type': options.contentType ?? 'application/json',
        ...(typeof authorization === 'string' ? { Authorization: authorization } : {}),
        ...options.headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    if (exchange.status === 201 || exchange.status === 200) this.keepAccount(exchange);
    if (exchange.status === 429)
      throw new CouldNotRun('the server limits its rate and asks for a long pause (429)', exchange);
    if (options.authorization === undefined && (exchange.status === 401 || exchange.status === 403)) {
      if (token === undefined)
        throw new NotApplicable('registration needs an initial access token: --initial-access-token');
      throw new CouldNotRun(`the initial access token was refused: ${statusOf(exchange)}`, exchange);
    }
    return exchange;
  }

  /**
   * Registers a client that a test needs, where the registration itself is not what is tested.
   *
   * @throws CouldNotRun when the server refuses it
   */
  async registered(body: unknown = this.body()): Promise<RegisteredClient> {
    const exchange = await this.register(body);
    const client = this.clientOf(exchange);
    if (client === undefined)
      throw new CouldNotRun(`the client that this needs was not registered: ${statusOf(exchange)}`, exchange);
    return client;
  }

  /** A client that nobody changes. Its registration is shown as if this test had sent it. */
  async shared(kind: keyof typeof SHARED_BODIES): Promise<RegisteredClient> {
    let client = this.session.shared.get(kind);
    if (client === undefined) {
      client = this.registered(SHARED_BODIES[kind](this.server, this.redirectUri));
      this.session.shared.set(kind, client);
    }
    const { exchange } = await client;
    if (!this.exchanges.includes(exchange)) this.exchanges.push(exchange);
    return client;
  }

  /**
   * The answer to a registration with an invalid redirect URI, sent once for all tests that look at it.
   *
   * @throws NotApplicable when the server registers it
   */
  async refusal(): Promise<Exchange> {
    let refusal = this.session.refusals.get('redirect');
    if (refusal === undefined) {
      refusal = this.register(this.body({ redirect_uris: ['#conformance'] }));
      this.session.refusals.set('redirect', refusal);
    }
    const exchange = await refusal;
    if (!this.exchanges.includes(exchange)) this.exchanges.push(exchange);
    applicableIf(exchange.status >= 400, 'the server did not refuse an invalid redirect URI: see R-41');
    return exchange;
  }

  /** The client in an answer to `register`; undefined where there is none. */
  clientOf(exchange: Exchange): RegisteredClient | undefined {
    return this.accounts.get(exchange);
  }

  private keepAccount(exchange: Exchange): void {
    if (typeof answerOf(exchange)['client_id'] !== 'string') return;
    const client = new RegisteredClient(exchange);
    this.accounts.set(exchange, client);
    this.session.ledger.add(client);
  }

  /**
   * Sends a request to a client's configuration endpoint, RFC 7592 section 2.
   *
   * @param body of a PUT, as JSON
   * @param token the client's own unless given; null for none
   * @throws NotApplicable when the server gave the client no such endpoint
   */
  async manage(
    client: RegisteredClient,
    method: 'GET' | 'PUT' | 'DELETE',
    { body, token = client.accessToken, url = client.configurationUri }: ManageOptions = {},
  ): Promise<Exchange> {
    applicableIf(
      client.configurationUri !== undefined && client.accessToken !== undefined && url !== undefined,
      'the server offers no management (RFC 7592): no registration_client_uri came back',
    );
    const exchange = await this.send({
      method,
      url,
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(typeof token === 'string' ? { Authorization: `Bearer ${token}` } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (exchange.status === 429)
      throw new CouldNotRun('the server limits its rate and asks for a long pause (429)', exchange);
    client.learnFrom(exchange);
    if (method === 'DELETE' && exchange.status >= 200 && exchange.status < 300)
      this.session.ledger.gone(client);
    return exchange;
  }

  /**
   * Begins an authorization request with PKCE, as a browser does, and follows no redirect.
   *
   * @throws NotApplicable when the server names no authorization endpoint
   */
  async authorize(parameters: Readonly<Record<string, string>>): Promise<Exchange> {
    const endpoint = endpointOf(this.server, 'authorization_endpoint');
    applicableIf(endpoint, 'the metadata names no authorization_endpoint');
    const url = new URL(endpoint);
    const request = { response_type: 'code', state: 'conformance', ...CHALLENGE, ...parameters };
    for (const [name, value] of Object.entries(request)) url.searchParams.set(name, value);
    return this.send({ method: 'GET', url: url.href, headers: { Accept: 'text/html' } });
  }

  /**
   * Presents an authorization code that was never issued: a server that knows the client answers `invalid_grant`.
   *
   * @param chosen the secret to authenticate with, in the way that was registered; the client's own unless given
   * @throws NotApplicable when the server names no token endpoint
   */
  async redeem(client: RegisteredClient, chosen = client.secret): Promise<Exchange> {
    const url = endpointOf(this.server, 'token_endpoint');
    applicableIf(url, 'the metadata names no token_endpoint');
    const { clientId, answer } = client;
    const method = answer['token_endpoint_auth_method'];
    const secret = method === 'none' ? undefined : chosen;
    const basic = secret !== undefined && method !== 'client_secret_post';
    const form = new URLSearchParams({
      grant_type: 'authorization_code',
      code: 'conformance-never-issued',
      redirect_uri: this.redirectUri,
      code_verifier: VERIFIER,
      ...(basic ? {} : { client_id: clientId }),
      ...(basic || secret === undefined ? {} : { client_secret: secret }),
    });
    return this.send({
      method: 'POST',
      url,
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        ...(basic ? { Authorization: basicCredentials(clientId, secret) } : {}),
      },
      body: form.toString(),
    });
  }
}

/** RFC 6749 section 2.3.1. */
function basicCredentials(clientId: string, secret: string): string {
  const pair = `${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

interface ManageOptions {
  readonly body?: unknown;
  readonly token?: string | null | undefined;
  readonly url?: string | undefined;
}

/** RFC 7636 appendix B. */
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = {
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
};
