import { errorAnswer } from '../../../platform/http/error-answer.js';
import { oauthErrorBody } from '../../../platform/http/error-bodies.js';
import { ClientSuspended } from '../provider/standing-errors.js';
import { errors, type KoaContextWithOIDC } from '../provider/oidc-provider.js';
import { type MessageName, messagePage } from './message-pages.js';

/** Routes whose answers people look at. */
const PAGE_ROUTES: ReadonlySet<string> = new Set(['authorization', 'resume']);

/**
 * Makes oidc-provider's `renderError`: the errors that cannot go back to the client. People get a page; who asks for JSON
 * gets OAuth JSON, which is how clients find out that their registration is gone (clients.md: mcp-remote asks like this).
 *
 * @param server what the page calls the server, e.g. `localhost:3000`
 */
export function errorRenderer(server: string) {
  return (context: KoaContextWithOIDC, out: object, error: Error): void => {
    const { error: code, error_description: description } = out as Record<string, string | undefined>;
    if (!PAGE_ROUTES.has(context.oidc.route) || context.accepts('html', 'json') === 'json') {
      context.set('cache-control', 'no-store');
      context.body = isExpected(error)
        ? { error: code, error_description: description }
        : oauthErrorBody(errorAnswer(error)).body;
      return;
    }
    const name = messageFor(error);
    const page = messagePage(name, server, name === 'malformed' ? `${code}: ${description}` : undefined);
    context.status = isExpected(error) ? page.status : errorAnswer(error).status;
    context.set({ ...page.headers });
    context.body = page.body;
  };
}

function messageFor(error: Error): MessageName {
  if (error instanceof ClientSuspended) return 'suspended';
  if (error instanceof errors.InvalidClient) return 'unknown_client';
  if (error instanceof errors.InvalidRedirectUri) return 'redirect_mismatch';
  if (error instanceof errors.SessionNotFound) return 'expired';
  return isExpected(error) ? 'malformed' : 'failed';
}

/** Whether the error is an answer; anything else is a defect or an outage. */
function isExpected(error: Error): boolean {
  return error instanceof errors.OIDCProviderError && error.expose;
}
