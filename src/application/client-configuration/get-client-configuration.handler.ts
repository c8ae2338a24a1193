import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Rejection } from '../../domain/rejection.js';
import { Clock } from '../../platform/clock.js';
import { ClientAccess } from './client-access.js';
import { GetClientConfiguration } from './get-client-configuration.query.js';
import type { RegisteredClient } from './registered-client.js';

/** Echoes the presented token, because only its digest is kept (M-10); a secret is never shown again. */
@QueryHandler(GetClientConfiguration)
export class GetClientConfigurationHandler implements IQueryHandler<GetClientConfiguration> {
  constructor(
    private readonly access: ClientAccess,
    private readonly clock: Clock,
  ) {}

  async execute(
    query: GetClientConfiguration,
  ): Promise<{ readonly registered: RegisteredClient } | { readonly rejection: Rejection }> {
    const entry = await this.access.authenticate(query.realm, query.clientId, query.bearer, this.clock.now());
    if ('rejection' in entry) return entry;
    return {
      registered: {
        state: await this.access.unsealedState(entry.state),
        version: entry.version,
        secret: null,
        registrationAccessToken: query.bearer,
      },
    };
  }
}
