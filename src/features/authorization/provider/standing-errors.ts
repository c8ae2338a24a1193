import { errors } from './oidc-provider.js';

/** The error that the page renderer shows as "suspended". */
export class ClientSuspended extends errors.AccessDenied {
  override allow_redirect = false;
  override status = 403;
  override statusCode = 403;
}

/** A suspended client at the authorization endpoint: a page, no redirect (DESIGN section 5). */
export function clientSuspended(): ClientSuspended {
  return new ClientSuspended('this client is suspended');
}
