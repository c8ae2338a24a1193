import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Interaction, Provider } from '../provider/oidc-provider.js';

/**
 * Signs the browser out before somebody else signs in: nothing of the first person's session, the grants it remembers
 * included, may pass to the second. What counts is the browser's session now; another tab may have signed in meanwhile.
 *
 * @param stays the subject that may stay signed in; undefined for nobody
 */
export async function forgetUser(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  interaction: Interaction,
  stays?: string,
): Promise<void> {
  const session = await provider.Session.get(provider.createContext(request, response));
  if (session.accountId === undefined || session.accountId === stays) return;
  session.accountId = undefined;
  session.authorizations = undefined;
  await session.persist();
  interaction.session = undefined;
  await interaction.persist();
}
