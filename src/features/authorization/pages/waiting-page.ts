import { html } from './html.js';
import { type Page, page } from './page.js';
import { headline, type Requester, selfAssertedName } from './requester.js';

const SECONDS = 5;

/** Asks whether it is still time to wait, and goes on when it is not. Without scripts the page reloads itself. */
const SCRIPT = `
const address = document.currentScript.dataset.continue;
const look = async () => {
  try {
    const answer = await fetch(address, { headers: { accept: 'application/json' }, redirect: 'manual', cache: 'no-store' });
    const waiting = answer.ok && (await answer.json()).status === 'pending';
    if (!waiting && answer.status < 500) return location.replace(address);
  } catch {}
  setTimeout(look, 2000);
};
setTimeout(look, 2000);
`;

export interface Waiting {
  readonly server: string;
  readonly who: Requester;
  /** Where the request goes on. */
  readonly continueAt: string;
}

/** A client that waits for a reviewer (T-16): the request is kept, and goes on by itself after the approval. */
export function waitingPage({ server, who, continueAt }: Waiting): Page {
  return page({
    title: 'Waiting for approval',
    tone: 'open',
    server,
    formTargets: [],
    reload: { seconds: SECONDS, url: continueAt, script: SCRIPT },
    body: html` <h1>Waiting for approval</h1>
      <div role="status">
        <p>Whoever runs this server has to let <bdi>${headline(who)}</bdi> in first.</p>
      </div>
      ${selfAssertedName(who)}
      <div class="pulse" aria-hidden="true"><i></i><i></i><i></i></div>
      <p class="quiet">Leave this page open. It looks every few seconds and goes on by itself.</p>
      <dl>
        <div>
          <dt>Tell the reviewer this reference</dt>
          <dd><code>${who.clientId}</code></dd>
        </div>
      </dl>`,
  });
}
