import type { ClientState } from '../../../domain/client/client-state.js';
import { type Html, html } from './html.js';

/** Who asks, as a page says it: where the answer goes comes first, because that was checked; the name was not (C1). */
export interface Requester {
  readonly kind: 'website' | 'this-computer' | 'app';
  /** Host of the redirect URI, with its port; the scheme for an app's private one. */
  readonly address: string;
  /** What the client calls itself; null when it gave no name. */
  readonly name: string | null;
  /** Who states that name in a verified software statement; null for a name that the client gave itself. */
  readonly nameStatedBy: string | null;
  readonly clientId: string;
  /** Somebody here vouches for the client. */
  readonly approved: boolean;
  /** What a Content-Security-Policy calls the redirect target. */
  readonly formTarget: string;
}

/** @param redirectUri the one of this request, which oidc-provider matched with a registered one */
export function requester(state: ClientState, redirectUri: string): Requester {
  const name = state.metadata.members['client_name'];
  const statement = state.software_statement;
  const about = {
    name: typeof name === 'string' ? name : null,
    nameStatedBy: statement?.members.includes('client_name') ? statement.issuer : null,
    clientId: state.client_id,
    approved: (state.obligations.trust ?? 'untrusted') !== 'untrusted',
  };
  const { protocol, host, hostname } = new URL(redirectUri);
  if (protocol === 'https:')
    return { ...about, kind: 'website', address: host, formTarget: `https://${host}` };
  if (protocol === 'http:') {
    // An IPv6 host cannot be written as a CSP source.
    const formTarget = hostname.startsWith('[') ? 'http:' : `http://${host}`;
    return { ...about, kind: 'this-computer', address: host, formTarget };
  }
  return { ...about, kind: 'app', address: protocol.slice(0, -1), formTarget: protocol };
}

const HEADINGS: Readonly<Record<Requester['kind'], (address: string) => string>> = {
  website: (address) => address,
  'this-computer': () => 'an app on this computer',
  app: () => 'an app on this device',
};

/** Names the client in the middle of a sentence. */
export function headline(who: Requester): string {
  return HEADINGS[who.kind](who.address);
}

/** The name the client gave itself, quoted, isolated from the text around it, and said to be nobody's finding. */
export function selfAssertedName(who: Requester): Html {
  if (who.name === null) return html`<p class="quiet">It gave no name.</p>`;
  if (who.nameStatedBy !== null) {
    return html`<p class="quiet">
      It is called “<bdi>${who.name}</bdi>”, says <bdi>${who.nameStatedBy}</bdi>, whom this server trusts with
      that.
    </p>`;
  }
  const checked = who.approved
    ? 'Whoever runs this server has looked at it and approved it.'
    : 'It chose that name itself; nobody has checked it.';
  return html`<p class="quiet">It calls itself “<bdi>${who.name}</bdi>”. ${checked}</p>`;
}
