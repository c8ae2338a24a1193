import { createHash } from 'node:crypto';
import { Html, html } from './html.js';
import { STYLE } from './style.js';

/** A page, ready to be sent. */
export interface Page {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface PageContent {
  readonly status?: number;
  readonly title: string;
  /** What the whole page is about, for the mark above the heading. */
  readonly tone: 'open' | 'warn' | 'stop';
  readonly body: Html;
  /** The server the page belongs to, e.g. `localhost:3000`. */
  readonly server: string;
  /** Where a form of the page, or the redirect that follows it, may lead besides our own origin; CSP sources. */
  readonly formTargets?: readonly string[];
  /** Reloads the page until it leads somewhere else; `url` undefined = the page's own address. */
  readonly reload?: { readonly seconds: number; readonly url: string; readonly script: string };
}

const MARKS = {
  open: 'M6 21V5a2 2 0 0 1 2-2h8a2 2 0 0 1 2 2v16M3 21h18M14.5 12v.5',
  warn: 'M12 9v4m0 3.5v.01M10.6 4.2 2.9 17.6A1.6 1.6 0 0 0 4.3 20h15.4a1.6 1.6 0 0 0 1.4-2.4L13.4 4.2a1.6 1.6 0 0 0-2.8 0Z',
  stop: 'M5.6 5.6l12.8 12.8M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z',
} as const;

const STYLE_SOURCE = source(STYLE);
const STYLE_ELEMENT = new Html(`<style>${STYLE}</style>`);

/**
 * Puts a page into its frame. The policy lets nothing in but our own style and script, known by their hashes, and nobody
 * may put the page into a frame of theirs.
 */
export function page(content: PageContent): Page {
  const { reload } = content;
  const policy = [
    "default-src 'none'",
    `style-src ${STYLE_SOURCE}`,
    ...(reload ? [`script-src ${source(reload.script)}`, "connect-src 'self'"] : []),
    `form-action ${["'self'", ...(content.formTargets ?? [])].join(' ')}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ];
  return {
    status: content.status ?? 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy.join('; '),
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    },
    body: frame(content).text,
  };
}

function frame({ title, tone, body, server, reload }: PageContent): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title} · ${server}</title>
        ${reload ? noscriptReload(reload.seconds, reload.url) : null} ${STYLE_ELEMENT}
      </head>
      <body>
        <main>
          <div class="mark ${tone}">
            <svg
              viewBox="0 0 24 24"
              fill="none"
              stroke="currentColor"
              stroke-width="1.8"
              stroke-linecap="round"
              stroke-linejoin="round"
              aria-hidden="true"
            >
              <path d="${MARKS[tone]}" />
            </svg>
          </div>
          ${body}
        </main>
        <footer>Authorization server at ${server}</footer>
        ${reload ? scriptElement(reload.script, reload.url) : null}
      </body>
    </html>`;
}

function noscriptReload(seconds: number, url: string): Html {
  return html`<noscript><meta http-equiv="refresh" content="${seconds};url=${url}" /></noscript>`;
}

/** The address travels as an attribute: the script itself stays the one whose hash the policy names. */
function scriptElement(script: string, url: string): Html {
  return new Html(`<script data-continue="${html`${url}`.text}">${script}</script>`);
}

function source(text: string): string {
  return `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;
}
