// As much of a browser as sign-in and consent need: cookies, redirects and forms. Used before the clock starts.

const MOST_STEPS = 12;

/** A person's browser at one contestant. */
export class Browser {
  #contestant;
  #cookies = new Map();

  /** @param {{origin: string, target: import('../load/connection.mjs').Target, name: string}} contestant */
  constructor(contestant) {
    this.#contestant = contestant;
  }

  /**
   * Follows redirects and fills in forms until the server sends the browser somewhere else.
   *
   * @param {string} address a path of the contestant
   * @param {(actions: readonly string[], page: string) => {action: string, fields: Record<string, string>}} answer
   *   chooses one of a page's forms and fills it in
   * @returns {Promise<URL>} where it is sent
   */
  async leave(address, answer) {
    let request = { url: new URL(address, this.#contestant.origin), method: 'GET' };
    for (let step = 0; step < MOST_STEPS; step += 1) {
      const { status, location, page } = await this.#send(request);
      if (location !== null) {
        const next = new URL(location, request.url);
        if (!this.#isOurs(next)) return next;
        request = { url: new URL(next.pathname + next.search, this.#contestant.origin), method: 'GET' };
        continue;
      }
      const forms = [...page.matchAll(/<form[^>]*action="([^"]*)"/g)].map(([, action]) => action);
      if (status !== 200 || forms.length === 0)
        throw new Error(`${this.#contestant.name}: ${status} ${page}`);
      const { action, fields } = answer(forms, page);
      const { pathname } = new URL(action, request.url);
      const body = new URLSearchParams(fields);
      request = { url: new URL(pathname, this.#contestant.origin), method: 'POST', body };
    }
    throw new Error(`${this.#contestant.name} goes round in circles`);
  }

  /** @returns {Record<string, string>} the cookies that every page of the contestant gets */
  get cookies() {
    const everywhere = [...this.#cookies].filter(([, { path }]) => path === '/');
    return Object.fromEntries(everywhere.map(([name, { value }]) => [name, value]));
  }

  #cookieFor(pathname) {
    return [...this.#cookies]
      .filter(([, { path }]) => pathname.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
  }

  async #send({ url, method, body }) {
    const headers = {
      Accept: 'text/html',
      'X-Forwarded-Proto': 'https',
      Cookie: this.#cookieFor(url.pathname),
    };
    const form = { method: 'POST', body, headers: { ...headers, Origin: this.#contestant.pageOrigin } };
    const response = await fetch(url, {
      redirect: 'manual',
      ...(method === 'POST' ? form : { headers }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (value === '') this.#cookies.delete(name);
      else this.#cookies.set(name, { value, path: /path=([^;]*)/i.exec(line)?.[1] ?? '/' });
    }
    return {
      status: response.status,
      location: response.headers.get('location'),
      page: await response.text(),
    };
  }

  #isOurs(url) {
    const { port } = this.#contestant.target;
    return ['127.0.0.1', 'localhost'].includes(url.hostname) && url.port === String(port);
  }
}
