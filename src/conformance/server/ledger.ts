import type { SendRequest } from '../http/http-client.js';
import type { RegisteredClient } from './registered-client.js';

/** What became of the clients that the tests registered. */
export interface Leftovers {
  readonly registered: number;
  readonly deleted: number;
  /** They stay on the server: it offers no deletion, or refused it. */
  readonly left: number;
}

/** Keeps account of registered clients, to leave nothing behind. */
export class Ledger {
  private readonly open = new Set<RegisteredClient>();
  private registered = 0;
  private deleted = 0;

  constructor(private readonly send: SendRequest) {}

  add(client: RegisteredClient): void {
    this.registered += 1;
    this.open.add(client);
  }

  /** A test has deleted the client. */
  gone(client: RegisteredClient): void {
    if (this.open.delete(client)) this.deleted += 1;
  }

  /** Deletes what can be deleted, except some. */
  async sweep(kept: ReadonlySet<RegisteredClient> = new Set()): Promise<void> {
    for (const client of this.open) {
      const { configurationUri, accessToken } = client;
      if (kept.has(client) || configurationUri === undefined || accessToken === undefined) continue;
      const headers = { Authorization: `Bearer ${accessToken}` };
      const answer = await this.send({ method: 'DELETE', url: configurationUri, headers }).catch(() => null);
      if (answer !== null && answer.status >= 200 && answer.status < 300) this.gone(client);
    }
  }

  get leftovers(): Leftovers {
    return { registered: this.registered, deleted: this.deleted, left: this.open.size };
  }
}
