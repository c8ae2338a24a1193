import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ClientDirectory } from '../../../application/directory/client-directory.js';
import { type ClientPermissions, clientPermissions } from '../client/client-permissions.js';
import { messagePage } from '../pages/message-pages.js';
import type { Page } from '../pages/page.js';
import { type Requester, requester } from '../pages/requester.js';
import { errors, type Interaction } from '../provider/oidc-provider.js';
import type { RealmServer } from '../realm-server.js';

/** A person before a page of ours, with the authorization request that brought them. */
export interface Visit {
  readonly interaction: Interaction;
  readonly permissions: ClientPermissions;
  readonly who: Requester;
}

/**
 * Finds the interaction that a browser is in the middle of. Its cookie is what proves that; the path only says which page
 * was meant (CSRF: no other site can send the cookie along with a form).
 *
 * @param request as `canonicalRequest` made it
 * @param uid from the path
 * @returns the visit, or the page that ends it
 */
export async function findVisit(
  server: RealmServer,
  directory: ClientDirectory,
  request: IncomingMessage,
  response: ServerResponse,
  uid: string,
): Promise<Visit | Page> {
  const { host } = server.issuer;
  let interaction: Interaction;
  try {
    interaction = await server.provider.interactionDetails(request, response);
  } catch (error) {
    if (error instanceof errors.SessionNotFound) return messagePage('expired', host);
    throw error;
  }
  if (interaction.uid !== uid) return messagePage('expired', host);

  const { client_id: clientId, redirect_uri: redirectUri } = interaction.params;
  const entry = await directory.find(server.realm.name, String(clientId));
  const permissions = entry && clientPermissions(entry.state, entry.readAt);
  if (!permissions) return messagePage('unknown_client', host);
  if (permissions.standing === 'suspended') return messagePage('suspended', host);
  return { interaction, permissions, who: requester(entry.state, String(redirectUri)) };
}

/** Tells a page from a visit. */
export function isPage(found: Visit | Page): found is Page {
  return 'body' in found;
}
