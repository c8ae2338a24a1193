import type { Exchange } from '../http/exchange.js';

/** Where an answer sends the browser; undefined when nowhere. */
export function targetOf({ status, headers, request }: Exchange): URL | undefined {
  const location = headers.get('location');
  if (status < 300 || status >= 400 || location === null || !URL.canParse(location, request.url))
    return undefined;
  return new URL(location, request.url);
}

/** Whether an answer sends the browser to a redirect URI, with whatever parameters. */
export function redirectsTo(exchange: Exchange, redirectUri: string): boolean {
  const target = targetOf(exchange);
  if (target === undefined) return false;
  const wanted = new URL(redirectUri);
  return (
    target.protocol === wanted.protocol && target.host === wanted.host && target.pathname === wanted.pathname
  );
}
