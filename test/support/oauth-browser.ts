import { createHash, randomBytes } from 'node:crypto';

/** Where a browser stands after following redirects: on a page of the server, or about to leave for somewhere else. */
export interface Stop {
  readonly status: number;
  /** The page's address, or the address outside. */
  readonly url: URL;
  /** Empty when the browser is about to leave. */
  readonly body: string;
  readonly headers: Headers;
}

interface Cookie {
  readonly value: string;
  readonly path: string;
}

/** A person's browser, as far as the authorization server can tell: cookies, redirects and forms, but no scripts. */
export class OAuthBrowser {
  private readonly cookies = new Map<string, Cookie>();

  /** @param origin the server; redirects elsewhere are not followed */
  constructor(private readonly origin: string) {}

  open(address: string | URL, accept = 'text/html'): Promise<Stop> {
    return this.request(new URL(address, this.origin), { method: 'GET', headers: { accept } });
  }

  /** Sends a form of a page: its fields, changed or completed by `fields`. */
  submit(page: Stop, action: string, fields: Record<string, string>): Promise<Stop> {
    const form = [...page.body.matchAll(/<form[^>]*action="([^"]*)"/g)].find(([, at]) =>
      at!.endsWith(action),
    );
    if (!form) throw new Error(`the page ${page.url.pathname} has no form for ${action}:\n${page.body}`);
    return this.request(new URL(form[1]!, page.url), {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { origin: this.origin },
    });
  }

  /** Signs in by name and allows what is asked for, as far as either is asked. */
  async consent(start: Stop, name = 'ada'): Promise<Stop> {
    let stop = start;
    if (stop.body.includes('/sign-in"')) stop = await this.submit(stop, '/sign-in', { name });
    if (stop.body.includes('/consent"')) stop = await this.submit(stop, '/consent', { decision: 'allow' });
    return stop;
  }

  private async request(url: URL, init: RequestInit): Promise<Stop> {
    const cookie = [...this.cookies]
      .filter(([, { path }]) => url.pathname.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
    const headers = {
      accept: 'text/html',
      ...(init.headers as Record<string, string>),
      ...(cookie && { cookie }),
    };
    const answer = await fetch(url, { ...init, headers, redirect: 'manual' });
    this.remember(answer.headers.getSetCookie());
    const location = answer.headers.get('location');
    const stop = { status: answer.status, url, body: await answer.text(), headers: answer.headers };
    if (location === null || answer.status < 300 || answer.status > 399) return stop;
    const next = new URL(location, url);
    if (next.origin !== new URL(this.origin).origin) return { ...stop, url: next, body: '' };
    return this.request(next, { method: 'GET' });
  }

  private remember(lines: readonly string[]): void {
    for (const line of lines) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      if (/expires=Thu, 01 Jan 1970/i.test(line) || value === '') this.cookies.delete(name!);
      else this.cookies.set(name!, { value: value!, path: /path=([^;]*)/i.exec(line)?.[1] ?? '/' });
    }
  }
}

/** An authorization request with PKCE. */
export interface AuthorizationRequest {
  readonly url: URL;
  readonly verifier: string;
  readonly state: string;
}

/** @param parameters added to, or taking the place of, the usual ones; `null` leaves one out */
export function authorizationRequest(
  issuer: string,
  parameters: Record<string, string | null>,
): AuthorizationRequest {
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(8).toString('base64url');
  const url = new URL(`${issuer}/authorize`);
  const all = {
    response_type: 'code',
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...parameters,
  };
  for (const [name, value] of Object.entries(all)) if (value !== null) url.searchParams.set(name, value);
  return { url, verifier, state };
}

/** What the token endpoint, or one like it, answered. */
export interface TokenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** Sends a form to an endpoint of the server. */
export async function postForm(
  address: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<TokenAnswer> {
  const answer = await fetch(address, { method: 'POST', body: new URLSearchParams(form), headers });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
}

/** The Authorization header of `client_secret_basic`. */
export function basic(clientId: string, secret: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` };
}
