import { EventPublisher, PublishFailed, type KafkaRecord } from '../../src/platform/kafka/event-publisher.js';

/** A publisher that keeps its records, and that a test can make fail or wait. */
export class RecordingPublisher extends EventPublisher {
  readonly records: KafkaRecord[] = [];
  connections = 0;
  /** While true, nothing can be connected and nothing is acknowledged. */
  down = false;
  /** Called before a request is acknowledged, which waits for it. */
  beforeAcknowledging: (records: readonly KafkaRecord[]) => Promise<void> = async () => undefined;

  async connect(): Promise<void> {
    if (this.down) throw new Error('connect ECONNREFUSED');
    this.connections += 1;
  }

  async publish(records: readonly KafkaRecord[]): Promise<void> {
    if (this.down) throw new PublishFailed('connection closed');
    this.records.push(...records);
    await this.beforeAcknowledging(records);
  }

  async close(): Promise<void> {}

  /** The positions of everything that was published, repetitions included. */
  get positions(): readonly number[] {
    return this.records.map(({ headers }) => Number(headers['ce_position']));
  }
}

/** A promise that a test settles itself. */
export function aGate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open!: () => void;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

/** A logger that keeps its lines as `level text`. */
export function recordingLogger() {
  const lines: string[] = [];
  const write = (level: string) => (details: unknown, text?: string) =>
    void lines.push(`${level} ${text ?? String(details)}`);
  return {
    lines,
    debug: () => undefined,
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  };
}
