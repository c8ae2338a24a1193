import { Global, Module, type DynamicModule, type INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { pino } from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Clock } from '../../platform/clock.js';
import type { Configuration } from '../../platform/config/configuration.js';
import { ConfigurationModule } from '../../platform/config/configuration.module.js';
import { POOL } from '../../platform/database/pool.js';
import { EventLog } from '../../platform/event-log/event-log.js';
import { EventReader } from '../../platform/event-log/event-reader.js';
import { ReadinessRegistry } from '../../platform/telemetry/readiness.js';
import { TelemetryModule } from '../../platform/telemetry/telemetry.module.js';
import { RelayModule } from './relay.module.js';
import { Relay } from './relay.js';

const pool = { query: vi.fn<(query: { text: string }) => Promise<unknown>>() };
const eventLog = { onCommitted: vi.fn<(listener: () => void) => void>() };

/** Stands in for the application's modules; a relay without Kafka must not touch the database. */
@Global()
@Module({})
class Surroundings {
  static module(): DynamicModule {
    const providers = [
      Clock,
      { provide: POOL, useValue: pool },
      { provide: EventLog, useValue: eventLog },
      { provide: EventReader, useValue: {} },
    ];
    return { module: Surroundings, providers, exports: [Clock, POOL, EventLog, EventReader] };
  }
}

describe('the relay module', () => {
  let application: INestApplicationContext;

  async function started(configuration: Partial<Configuration>): Promise<INestApplicationContext> {
    vi.clearAllMocks();
    const module = await Test.createTestingModule({
      imports: [
        ConfigurationModule.register({
          publicUrl: 'https://clients.example',
          kafka: null,
          ...configuration,
        } as Configuration),
        TelemetryModule.register(pino({ level: 'silent' })),
        Surroundings.module(),
        RelayModule,
      ],
    }).compile();
    application = await module.init();
    return application;
  }

  afterEach(async () => {
    await application.close();
  });

  it('idles without Kafka, is ready all the same, and changes nothing', async () => {
    await started({ roles: new Set(['api', 'relay']) });
    expect(application.get(Relay).status().state).toBe('idle');
    const { checks } = await application.get(ReadinessRegistry).report();
    expect(checks).toEqual({ relay: { ready: true } });
    await application.close();
    const statements = pool.query.mock.calls.map(([query]) => query.text);
    expect(statements.filter((text) => !text.startsWith('select'))).toEqual([]);
  });

  it('wakes its relay after every commit', async () => {
    await started({ roles: new Set(['relay']) });
    const wake = vi.spyOn(application.get(Relay), 'wake');
    for (const [listener] of eventLog.onCommitted.mock.calls) listener();
    expect(wake).toHaveBeenCalledOnce();
  });

  it('does nothing in a process without the role', async () => {
    const kafka = { brokers: ['127.0.0.1:1'], ssl: false, sasl: null };
    await started({ roles: new Set(['api']), kafka });
    expect(application.get(Relay).status().state).toBe('idle');
    expect(eventLog.onCommitted).not.toHaveBeenCalled();
    expect(pool.query).not.toHaveBeenCalled();
  });
});
