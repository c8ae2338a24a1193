import type { Logger } from 'pino';
import { MissingTopic } from '../../platform/kafka/event-publisher.js';

/** What can keep the relay from its work, and the line that says so. */
const troubles = {
  kafka: { level: 'warn', text: 'Kafka cannot be reached: events wait in the log' },
  topic: { level: 'error', text: 'Kafka lacks a topic: events wait in the log' },
  log: { level: 'error', text: 'the relay cannot go on in the log and tries again' },
} as const satisfies Record<string, { level: 'warn' | 'error'; text: string }>;

/** What is wrong at present: one log line when it begins, one when it is over, none per attempt. */
export class Trouble {
  private current: keyof typeof troubles | undefined;
  private latest: string | null = null;

  constructor(private readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>) {}

  /** The message of the latest error; null when all is well. */
  get message(): string | null {
    return this.latest;
  }

  withKafka(error: unknown): void {
    this.note(error instanceof MissingTopic ? 'topic' : 'kafka', error);
  }

  withLog(error: unknown): void {
    this.note('log', error);
  }

  over(): void {
    if (this.current) this.logger.info('the relay works again');
    this.current = undefined;
    this.latest = null;
  }

  private note(kind: keyof typeof troubles, error: unknown): void {
    this.latest = error instanceof Error ? error.message : String(error);
    if (this.current === kind) return;
    this.current = kind;
    const { level, text } = troubles[kind];
    this.logger[level]({ err: error }, text);
  }
}
