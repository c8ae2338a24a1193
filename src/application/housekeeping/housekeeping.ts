import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { POOL } from '../../platform/database/pool.js';
import { LOGGER } from '../../platform/telemetry/logger.js';
import { ExpireClients } from './expire-clients.command.js';

const INTERVAL_MS = 60_000;
/** How far explain and back-test reach. */
const DECISION_INPUT_RETENTION = '400 days';

/** How long a repeated registration is recognised by its Idempotency-Key; a day is the least the database grants. */
const IDEMPOTENCY_KEY_RETENTION = '24 hours';

/** What has to be done from time to time. A round that fails is logged and tried again with the next. */
@Injectable()
export class Housekeeping implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();

  constructor(
    private readonly commands: CommandBus,
    @Inject(POOL) private readonly pool: Pool,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.round = this.round.then(() => this.run());
    }, INTERVAL_MS);
    this.timer.unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.round;
  }

  /** One round; never rejects. */
  async run(): Promise<void> {
    await this.attempt('keeping decision inputs', () =>
      this.pool.query('select maintain_decision_inputs($1)', [DECISION_INPUT_RETENTION]),
    );
    await this.attempt('retiring idempotency keys', () =>
      this.pool.query('select retire_idempotency_keys($1)', [IDEMPOTENCY_KEY_RETENTION]),
    );
    await this.attempt('expiring clients', async () => {
      const expired = await this.commands.execute(new ExpireClients());
      if (expired > 0) this.logger.info({ expired }, 'clients expired');
    });
  }

  /** One chore must not keep the others from being done. */
  private async attempt(chore: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.logger.warn({ err: error, chore }, 'a chore failed and is tried again');
    }
  }
}
