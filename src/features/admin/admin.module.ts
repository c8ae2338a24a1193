import { Module } from '@nestjs/common';
import { ClientCredentialsController } from './clients/client-credentials.controller.js';
import { ClientsController } from './clients/clients.controller.js';
import { EventsController } from './events/events.controller.js';
import { InitialAccessTokensController } from './initial-access-tokens/initial-access-tokens.controller.js';
import { PoliciesController } from './policies/policies.controller.js';
import { RealmsController } from './realms/realms.controller.js';
import { OperatorGuard } from './operator.guard.js';

/** The operators' API at `/admin/v1`. */
@Module({
  controllers: [
    ClientsController,
    ClientCredentialsController,
    InitialAccessTokensController,
    EventsController,
    PoliciesController,
    RealmsController,
  ],
  providers: [OperatorGuard],
})
export class AdminModule {}
