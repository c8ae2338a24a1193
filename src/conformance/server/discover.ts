import { isObject, type Exchange, type JsonObject } from '../http/exchange.js';
import { Unreachable, type SendRequest } from '../http/http-client.js';

/** The server under test, as it describes itself. */
export interface Server {
  /** As it was given on the command line. */
  readonly issuer: string;
  /** RFC 8414 or OpenID Connect Discovery metadata; empty when there is none. */
  readonly metadata: JsonObject;
  /** Where the metadata was found; null when it was not. */
  readonly discovery: Exchange | null;
  readonly registrationEndpoint: string;
}

/** There is nothing to test: no answer, no metadata, or no registration endpoint. */
export class NothingToTest extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NothingToTest';
  }
}

/**
 * The places where metadata of an issuer may be, in the order in which MCP clients look: the well-known string before the
 * issuer's path (RFC 8414 section 3.1), and behind it as OpenID Connect Discovery has it.
 */
export function metadataAddresses(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  return [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}/.well-known/openid-configuration${path}`,
    ...(path === '' ? [] : [`${origin}${path}/.well-known/openid-configuration`]),
  ];
}

/**
 * Finds the endpoints of an issuer.
 *
 * @param registrationEndpoint to use instead of the advertised one
 * @throws NothingToTest
 */
export async function discover(
  send: SendRequest,
  issuer: string,
  registrationEndpoint?: string,
): Promise<Server> {
  const tried: string[] = [];
  for (const url of metadataAddresses(issuer)) {
    const exchange = await answerOrNothing(send, url);
    const { status, json } = exchange;
    if (status === 200 && isObject(json)) {
      const endpoint = registrationEndpoint ?? json['registration_endpoint'];
      if (typeof endpoint !== 'string' || !URL.canParse(endpoint)) {
        throw new NothingToTest(
          `${url} names no registration_endpoint; give it with --registration-endpoint.`,
        );
      }
      return { issuer, metadata: json, discovery: exchange, registrationEndpoint: endpoint };
    }
    tried.push(`${url} (${status})`);
  }
  if (registrationEndpoint !== undefined)
    return { issuer, metadata: {}, discovery: null, registrationEndpoint };
  throw new NothingToTest(`No metadata at ${tried.join(', ')}.`);
}

async function answerOrNothing(send: SendRequest, url: string): Promise<Exchange> {
  try {
    return await send({ method: 'GET', url });
  } catch (error) {
    throw error instanceof Unreachable ? new NothingToTest(`${error.message}.`) : error;
  }
}

/** A list of words in the metadata; undefined when the server gives none. */
export function listOf({ metadata }: Server, name: string): readonly string[] | undefined {
  const value = metadata[name];
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : undefined;
}

/** An endpoint in the metadata; undefined when the server names none. */
export function endpointOf({ metadata }: Server, name: string): string | undefined {
  const value = metadata[name];
  return typeof value === 'string' ? value : undefined;
}

/** Whether the host of an address is this machine, where TLS is not asked for. */
export function isLoopback(address: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(address).hostname);
}
