import { html } from './html.js';
import { type Page, page, type PageContent } from './page.js';

interface Message {
  readonly status: number;
  readonly tone: PageContent['tone'];
  readonly title: string;
  readonly paragraphs: readonly string[];
}

/** Where a flow ends. None of these pages leads back to the client. */
const MESSAGES = {
  unknown_client: {
    status: 400,
    tone: 'stop',
    title: 'This app is not registered here',
    paragraphs: [
      'It was removed, it has expired, or it never was registered with this server. You did nothing wrong.',
      'Go back to the app and connect again; most apps then register anew. If it keeps coming back here, remove the connection in the app and add it again.',
    ],
  },
  suspended: {
    status: 403,
    tone: 'stop',
    title: 'This app is suspended',
    paragraphs: [
      'Whoever runs this server has stopped it for now, so nobody can sign in through it.',
      'You can close this page. If you depend on the app, ask the people who run this server.',
    ],
  },
  redirect_mismatch: {
    status: 400,
    tone: 'stop',
    title: 'This link leads somewhere unexpected',
    paragraphs: [
      'The app asked to send the answer to an address it never registered. To keep you safe, this stops here.',
      'If you followed a link to get here, close this page. If you came from an app, tell its makers: redirect_uri does not match.',
    ],
  },
  expired: {
    status: 400,
    tone: 'warn',
    title: 'This page has expired',
    paragraphs: [
      'Too much time has passed, or it was opened in another browser. Go back to the app and connect again.',
    ],
  },
  no_sign_in: {
    status: 503,
    tone: 'warn',
    title: 'Signing in is not set up',
    paragraphs: ['This server does not know yet who may sign in. Ask the people who run it.'],
  },
  failed: {
    status: 500,
    tone: 'warn',
    title: 'Something went wrong here',
    paragraphs: ['It was not you. Please try again in a moment.'],
  },
  malformed: {
    status: 400,
    tone: 'warn',
    title: 'This request cannot be answered',
    paragraphs: ['The app sent something this server does not understand. Go back to the app and try again.'],
  },
} as const satisfies Record<string, Message>;

export type MessageName = keyof typeof MESSAGES;

/**
 * A page that ends a flow and says why.
 *
 * @param detail for whoever debugs the app, e.g. `invalid_request: code_challenge is missing`; shown as text
 */
export function messagePage(name: MessageName, server: string, detail?: string): Page {
  const message: Message = MESSAGES[name];
  return page({
    status: message.status,
    title: message.title,
    tone: message.tone,
    server,
    body: html` <h1>${message.title}</h1>
      ${message.paragraphs.map((text) => html`<p>${text}</p>`)}
      ${
        detail === undefined
          ? null
          : html`<dl>
              <div>
                <dt>For the app’s developers</dt>
                <dd><code>${detail}</code></dd>
              </div>
            </dl>`
      }`,
  });
}
