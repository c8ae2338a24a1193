import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { Configuration } from './configuration.js';
import { CONFIGURATION } from './configuration.token.js';

/** Provides the settings as `CONFIGURATION`. */
@Global()
@Module({})
export class ConfigurationModule {
  static register(configuration: Configuration): DynamicModule {
    return {
      module: ConfigurationModule,
      providers: [{ provide: CONFIGURATION, useValue: configuration }],
      exports: [CONFIGURATION],
    };
  }
}
