import { html } from './html.js';
import { type Page, page } from './page.js';
import { headline, type Requester } from './requester.js';

export interface SignIn {
  readonly server: string;
  readonly who: Requester;
  /** Where the form is sent. */
  readonly action: string;
  /** What was wrong with the last try. */
  readonly problem: string | null;
}

/** The development sign-in: any name will do, and the page says so. */
export function signInPage({ server, who, action, problem }: SignIn): Page {
  return page({
    status: problem === null ? 200 : 400,
    title: 'Sign in',
    tone: 'open',
    server,
    formTargets: [who.formTarget],
    body: html` <h1>Sign in</h1>
      <p class="quiet">to continue to <bdi>${headline(who)}</bdi></p>
      <div class="note" role="note">
        <strong>Development sign-in</strong>
        Any name works and no password is asked. It exists only while this server runs on a loopback address.
      </div>
      <form method="post" action="${action}">
        <label for="name">Your name</label>
        <input
          id="name"
          name="name"
          type="text"
          required
          maxlength="64"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          autofocus
          ${problem === null ? null : html`aria-invalid="true" aria-describedby="problem"`}
        />
        ${problem === null ? null : html`<p id="problem" role="alert">${problem}</p>`}
        <div class="actions single"><button class="primary" type="submit">Sign in</button></div>
      </form>`,
  });
}
