import type { ClientManagement, RealmConfiguration } from '../../contract/realm.js';
import type { SoftwareStatementTrust } from '../../contract/software-statement.js';
import { clientManagement } from './client-management.js';
import { NO_STATEMENT_TRUST } from '../software-statement/statement-trust.js';

export type { Lifetimes, RealmConfiguration, Resource } from '../../contract/realm.js';

/** A realm's configuration with nothing left out. */
export interface CompleteRealmConfiguration extends RealmConfiguration {
  readonly software_statements: SoftwareStatementTrust;
  readonly client_management: ClientManagement;
}

/** A realm as the realms table has it: the fold of its stream. */
export interface RealmState extends CompleteRealmConfiguration {
  readonly name: string;
  /** RFC 3339. */
  readonly configured_at: string;
}

/** Fills in what configurations, and rows, of earlier builds do not have. */
export function completeRealm<Realm extends RealmConfiguration>(
  realm: Realm,
): Realm & CompleteRealmConfiguration {
  return {
    ...realm,
    software_statements: realm.software_statements ?? NO_STATEMENT_TRUST,
    client_management: clientManagement(realm),
  };
}
