import { Command } from '@nestjs/cqrs';
import type { RealmConfiguration } from '../../contract/realm.js';
import type { Initiator } from '../admission/initiator.js';
import type { RequestOrigin } from '../admission/request-origin.js';
import type { RealmEntry } from './realm-registry.js';

/** Configures a realm, whole. The same configuration again changes nothing. */
export class ConfigureRealm extends Command<RealmEntry> {
  constructor(
    readonly name: string,
    readonly configuration: RealmConfiguration,
    readonly initiator: Initiator,
    readonly origin: RequestOrigin,
  ) {
    super();
  }
}
