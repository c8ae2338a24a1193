import type { Envelope } from '../envelope.js';
import type { ClientRegistrationTokenRotated, ClientSecretRotated } from './client-credentials.event.js';
import type { ClientDeleted } from './client-deleted.event.js';
import type { ClientExpired } from './client-expired.event.js';
import type { ClientReinstated, ClientSuspended } from './client-holds.event.js';
import type { ClientRegisteredAgain } from './client-registered-again.event.js';
import type { ClientRegistered } from './client-registered.event.js';
import type { ClientReplaced } from './client-replaced.event.js';
import type { ClientApproved, ClientDenialLifted, ClientDenied } from './client-reviewed.event.js';
import type { ClientUsed } from './client-used.event.js';
import type {
  InitialAccessTokenConsumed,
  InitialAccessTokenIssued,
  InitialAccessTokenRevoked,
} from './initial-access-token.event.js';
import type { MasterKeyRotated, RealmKeysRotated } from './keys-rotated.event.js';
import type { PolicyActivated } from './policy-activated.event.js';
import type { RealmConfigured } from './realm-configured.event.js';
import type { RegistrationRefused } from './registration-refused.event.js';
import type { RegistrationThrottled } from './registration-throttled.event.js';

/** Every event's name and content. The name is explicit, so that renaming a type in code renames nothing in the log. */
export interface EventCatalogue {
  'client.registered': ClientRegistered;
  'client.registered_again': ClientRegisteredAgain;
  'client.replaced': ClientReplaced;
  'client.approved': ClientApproved;
  'client.denied': ClientDenied;
  'client.denial_lifted': ClientDenialLifted;
  'client.suspended': ClientSuspended;
  'client.reinstated': ClientReinstated;
  'client.expired': ClientExpired;
  'client.deleted': ClientDeleted;
  'client.secret_rotated': ClientSecretRotated;
  'client.registration_token_rotated': ClientRegistrationTokenRotated;
  'client.used': ClientUsed;
  'registration.refused': RegistrationRefused;
  'registration.throttled': RegistrationThrottled;
  'initial_access_token.issued': InitialAccessTokenIssued;
  'initial_access_token.consumed': InitialAccessTokenConsumed;
  'initial_access_token.revoked': InitialAccessTokenRevoked;
  'realm.configured': RealmConfigured;
  'realm.keys_rotated': RealmKeysRotated;
  'master_key.rotated': MasterKeyRotated;
  'policy.activated': PolicyActivated;
}

export type EventType = keyof EventCatalogue;

/** The version of the shape that this build writes, per event. */
export const schemaVersions: Readonly<Record<EventType, number>> = {
  'client.registered': 1,
  'client.registered_again': 1,
  'client.replaced': 1,
  'client.approved': 1,
  'client.denied': 1,
  'client.denial_lifted': 1,
  'client.suspended': 1,
  'client.reinstated': 1,
  'client.expired': 1,
  'client.deleted': 1,
  'client.secret_rotated': 1,
  'client.registration_token_rotated': 1,
  'client.used': 1,
  'registration.refused': 1,
  'registration.throttled': 1,
  'initial_access_token.issued': 1,
  'initial_access_token.consumed': 1,
  'initial_access_token.revoked': 1,
  'realm.configured': 1,
  'realm.keys_rotated': 1,
  'master_key.rotated': 1,
  'policy.activated': 1,
};

/** Any recorded event, discriminated by `type`. */
export type AnyEvent = { [Type in EventType]: Envelope<Type, EventCatalogue[Type]> }[EventType];

/** An event before it is written: what decide functions return. */
export type NewEvent<Type extends EventType = EventType> = {
  [Each in Type]: {
    readonly type: Each;
    readonly data: EventCatalogue[Each];
    /** UUID version 7; made when the event is written unless it is given. */
    readonly event_id?: string;
  };
}[Type];

/** The recorded events of one family, e.g. `EventOf<'client'>`. */
export type EventOf<Family extends string> = Extract<AnyEvent, { type: `${Family}.${string}` }>;
