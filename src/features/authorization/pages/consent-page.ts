import { type Html, html } from './html.js';
import { type Page, page } from './page.js';
import { headline, type Requester, selfAssertedName } from './requester.js';

export interface Consent {
  readonly server: string;
  readonly who: Requester;
  /** The name the person signed in with. */
  readonly userName: string;
  readonly scopes: readonly string[];
  readonly resources: readonly { readonly identifier: string; readonly name: string | null }[];
  /** Where the decision is sent. */
  readonly action: string;
  /** Where a person goes who wants to be somebody else. */
  readonly switchAction: string;
}

/** Asks whether a client may act for the person. What was checked comes first, what the client says of itself after it. */
export function consentPage(consent: Consent): Page {
  const { server, who, userName, scopes, resources, action, switchAction } = consent;
  return page({
    title: 'Allow access?',
    tone: who.kind === 'website' ? 'open' : 'warn',
    server,
    formTargets: [who.formTarget],
    body: html` <h1>Allow <bdi>${headline(who)}</bdi> to act for you?</h1>
      ${selfAssertedName(who)} ${warning(who)}
      <dl>
        <div>
          <dt>It gets access to</dt>
          ${resources.map(
            (resource) =>
              html`<dd>
                ${resource.name ?? resource.identifier}
                ${resource.name === null ? null : html`<span class="quiet">${resource.identifier}</span>`}
              </dd>`,
          )}
        </div>
        ${
          scopes.length === 0
            ? null
            : html`<div>
                <dt>It may use</dt>
                <dd>
                  <ul>
                    ${scopes.map((scope) => html`<li>${scope}</li>`)}
                  </ul>
                </dd>
              </div>`
        }
        <div>
          <dt>You are signed in as</dt>
          <dd class="beside">
            <bdi>${userName}</bdi>
            <form method="post" action="${switchAction}">
              <button class="plain" type="submit">Not you?</button>
            </form>
          </dd>
        </div>
      </dl>
      <form class="actions" method="post" action="${action}">
        <button type="submit" name="decision" value="deny">Deny</button>
        <button class="primary" type="submit" name="decision" value="allow">Allow</button>
      </form>`,
  });
}

/** MCP asks for it: a redirect to the own machine can be caught by any program on it (R4, C-41). */
function warning(who: Requester): Html | null {
  if (who.kind === 'this-computer') {
    return html`<div class="note" role="note">
      <strong>Did you start this yourself just now?</strong>
      The answer goes to <code>${who.address}</code>, where any program on this computer could be listening.
      If you did not start it, deny.
    </div>`;
  }
  if (who.kind === 'app') {
    return html`<div class="note" role="note">
      <strong>Did you start this yourself just now?</strong>
      The answer opens the app on this device that handles <code>${who.address}:</code> links. If you did not
      start it, deny.
    </div>`;
  }
  return null;
}
