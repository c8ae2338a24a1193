import type { ClientDirectory } from '../../../application/directory/client-directory.js';
import { requester } from '../pages/requester.js';
import { waitingPage } from '../pages/waiting-page.js';
import { APPROVAL } from '../provider/interactions.js';
import type { KoaContextWithOIDC } from '../provider/oidc-provider.js';

/**
 * Shows the waiting page where the person arrives, instead of sending the browser there. The request lies in its interaction
 * meanwhile, so that nothing of it is lost however long the review takes.
 */
export class WaitingRoom {
  constructor(
    private readonly directory: ClientDirectory,
    private readonly realm: string,
    private readonly server: string,
  ) {}

  /** Takes over an answer of oidc-provider that redirects to an interaction. */
  async receive(context: KoaContextWithOIDC): Promise<void> {
    const interaction = context.oidc.entities.Interaction!;
    const continueAt = context.response.get('location');
    // A request that goes on after the approval still carries the interaction that ended.
    if (interaction.prompt.name !== APPROVAL || !continueAt.endsWith(`/${interaction.uid}`)) return;
    const { client_id: clientId, redirect_uri: redirectUri } = interaction.params;
    const entry = await this.directory.find(this.realm, String(clientId));
    if (!entry) return;
    const page = waitingPage({
      server: this.server,
      who: requester(entry.state, String(redirectUri)),
      continueAt,
    });
    context.remove('location');
    context.status = page.status;
    context.set({ ...page.headers });
    context.body = page.body;
  }
}
