import type { IncomingMessage } from 'node:http';

/**
 * The request as oidc-provider gets it: with the host and scheme of the issuer, whatever the headers said (threat C5), and
 * with the body that was read and checked before. Everything else is the original's.
 *
 * @param issuer the realm's issuer
 * @param form the parameters of a form body, already parsed; replaces the body
 */
export function canonicalRequest(
  request: IncomingMessage,
  issuer: URL,
  form?: URLSearchParams,
): IncomingMessage {
  const { 'transfer-encoding': _chunked, 'x-forwarded-host': _host, ...headers } = request.headers;
  headers.host = issuer.host;
  headers['x-forwarded-proto'] = issuer.protocol.slice(0, -1);
  if (!form) return Object.create(request, { headers: { value: headers } }) as IncomingMessage;

  const body = Buffer.from(form.toString(), 'utf8');
  headers['content-type'] = 'application/x-www-form-urlencoded';
  headers['content-length'] = String(body.length);
  return Object.create(request, {
    headers: { value: headers },
    readable: { value: true },
    iterator: {
      value: async function* iterator() {
        yield body;
      },
    },
  }) as IncomingMessage;
}
