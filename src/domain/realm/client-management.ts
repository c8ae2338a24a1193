import type { ClientManagement, RealmConfiguration } from '../../contract/realm.js';

const USUAL: ClientManagement = {
  enabled: true,
  rotate_registration_access_token: true,
  registration_access_token_grace: 0,
};

/** How clients of a realm manage their own registration; realms that never said get what everybody got before (D-6). */
export function clientManagement({
  client_management,
}: Pick<RealmConfiguration, 'client_management'>): ClientManagement {
  return client_management ?? USUAL;
}
