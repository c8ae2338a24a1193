import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import { ApplicationModule } from './application/application.module.js';
import { AdminModule } from './features/admin/admin.module.js';
import { AuthorizationModule } from './features/authorization/authorization.module.js';
import { HealthModule } from './features/health/health.module.js';
import { LimitsModule } from './features/limits/limits.module.js';
import { RegistrationModule } from './features/registration/registration.module.js';
import { RelayModule } from './features/relay/relay.module.js';
import type { Configuration } from './platform/config/configuration.js';
import { ConfigurationModule } from './platform/config/configuration.module.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { HttpErrorFilter } from './platform/http/http-error.filter.js';
import { TelemetryModule } from './platform/telemetry/telemetry.module.js';
import { noTracing, type Tracing } from './platform/telemetry/tracing/tracing.js';

/** What the role `api` serves; a process that only relays answers probes alone. */
const api = [LimitsModule, RegistrationModule, AuthorizationModule, AdminModule];

/** The whole service. */
@Module({})
export class AppModule {
  /** @param configuration with a `databaseUrl`: an embedded database runs already */
  static register(configuration: Configuration, logger: Logger, tracing: Tracing = noTracing): DynamicModule {
    return {
      module: AppModule,
      providers: [HttpErrorFilter],
      imports: [
        ConfigurationModule.register(configuration),
        TelemetryModule.register(logger, tracing),
        DatabaseModule,
        ApplicationModule,
        HealthModule,
        RelayModule,
        ...(configuration.roles.has('api') ? api : []),
      ],
    };
  }
}
