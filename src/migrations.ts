import { ProjectedTables1764000000300 } from './application/directory/migrations/1764000000300-projected-tables.js';
import { Standing1764000000810 } from './application/directory/migrations/1764000000810-standing.js';
import { PolicyBundles1764000000400 } from './application/policies/migrations/1764000000400-policy-bundles.js';
import { ClientUsage1764000001100 } from './application/usage/migrations/1764000001100-client-usage.js';
import { Authorization1764000000600 } from './features/authorization/migrations/1764000000600-authorization.js';
import { KeyRotation1764000000700 } from './features/authorization/migrations/1764000000700-key-rotation.js';
import { RelayLease1764000000500 } from './features/relay/migrations/1764000000500-relay-lease.js';
import { SealingKeys1764000000200 } from './platform/crypto/migrations/1764000000200-sealing-keys.js';
import type { MigrationClass } from './platform/database/migrate.js';
import { EventLog1764000000100 } from './platform/event-log/migrations/1764000000100-event-log.js';
import { Guards1764000000800 } from './platform/event-log/migrations/1764000000800-guards.js';

/** Every migration of the service, oldest first. A migration that was released is never changed. */
export const migrations: MigrationClass[] = [
  EventLog1764000000100,
  SealingKeys1764000000200,
  ProjectedTables1764000000300,
  PolicyBundles1764000000400,
  RelayLease1764000000500,
  Authorization1764000000600,
  KeyRotation1764000000700,
  Guards1764000000800,
  Standing1764000000810,
  ClientUsage1764000001100,
];
