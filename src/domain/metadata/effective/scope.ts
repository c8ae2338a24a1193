import type { ServerCapabilities } from '../parse-options.js';
import { supportedSubset } from './grants.js';

/**
 * The scope to register: what the client asked for and the realm has, or the realm's default scopes where nothing of it
 * remains. Clients put whatever they discovered into the request, so an unknown scope is no fault.
 *
 * @param requested space separated (RFC 6749 section 3.3); undefined if omitted
 * @param server what the realm supports
 */
export function effectiveScope(requested: string | undefined, server: ServerCapabilities): string {
  const known = supportedSubset((requested ?? '').split(' '), server.scopes);
  return (known.length > 0 ? known : server.default_scopes).join(' ');
}
