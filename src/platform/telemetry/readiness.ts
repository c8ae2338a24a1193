import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOGGER } from './logger.js';

/** What a check found. The texts are public: they appear at /health/ready and in the banner. */
export type Readiness =
  { readonly ready: true; readonly detail?: string } | { readonly ready: false; readonly reason: string };

/** Something the service needs, registered by whoever owns it. */
export interface ReadinessCheck {
  /** E.g. `database`. */
  readonly name: string;
  /** False for what may be down without the service being so, e.g. Kafka: it is reported and nothing else. */
  readonly required: boolean;
  /** A rejection counts as not ready, as does an answer that takes longer than two seconds. */
  check(): Promise<Readiness>;
}

export interface ReadinessReport {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, Readiness>>;
}

const CHECK_TIMEOUT_MS = 2_000;

/** Gathers the checks of all parts of the service. */
@Injectable()
export class ReadinessRegistry {
  private readonly checks = new Map<string, ReadinessCheck>();
  private draining = false;

  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  /** @throws Error when the name is taken */
  register(check: ReadinessCheck): void {
    if (this.checks.has(check.name)) throw new Error(`there is a readiness check "${check.name}" already`);
    this.checks.set(check.name, check);
  }

  /** From now on the service is not ready, so that load balancers send nothing new while it shuts down. */
  drain(): void {
    this.draining = true;
  }

  /** Runs every check at once. */
  async report(): Promise<ReadinessReport> {
    const registered = [...this.checks.values()];
    const results = await Promise.all(registered.map((check) => this.run(check)));
    const checks: Record<string, Readiness> = {};
    for (const [index, check] of registered.entries()) checks[check.name] = results[index] as Readiness;
    if (this.draining) checks['shutdown'] = { ready: false, reason: 'shutting down' };
    const required = registered.filter((check) => check.required);
    return { ready: !this.draining && required.every((check) => checks[check.name]?.ready), checks };
  }

  private async run(check: ReadinessCheck): Promise<Readiness> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Readiness>((resolve) => {
      timer = setTimeout(resolve, CHECK_TIMEOUT_MS, { ready: false, reason: 'no answer' });
    });
    try {
      return await Promise.race([check.check(), late]);
    } catch (error) {
      // The error may tell about the inside: it goes to the log only.
      this.logger.warn({ err: error, check: check.name }, 'a readiness check failed');
      return { ready: false, reason: 'failed' };
    } finally {
      clearTimeout(timer);
    }
  }
}
