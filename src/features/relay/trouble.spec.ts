import { describe, expect, it } from 'vitest';
import { MissingTopic, PublishFailed } from '../../platform/kafka/event-publisher.js';
import { Trouble } from './trouble.js';

function recorded() {
  const lines: string[] = [];
  const write = (level: string) => (_details: unknown, text?: string) =>
    void lines.push(`${level} ${text ?? String(_details)}`);
  return { lines, logger: { info: write('info'), warn: write('warn'), error: write('error') } };
}

describe('trouble', () => {
  it('is one line when it begins and one when it is over, however often it was met', () => {
    const { lines, logger } = recorded();
    const trouble = new Trouble(logger);
    for (let attempt = 1; attempt <= 5; attempt += 1)
      trouble.withKafka(new PublishFailed(`attempt ${attempt}`));
    trouble.over();
    trouble.over();
    expect(lines).toEqual([
      'warn Kafka cannot be reached: events wait in the log',
      'info the relay works again',
    ]);
  });

  it('keeps the message of the latest error until it is over', () => {
    const trouble = new Trouble(recorded().logger);
    expect(trouble.message).toBeNull();
    trouble.withLog(new Error('first'));
    trouble.withLog('second');
    expect(trouble.message).toBe('second');
    trouble.over();
    expect(trouble.message).toBeNull();
  });

  it('says anew when it becomes another trouble', () => {
    const { lines, logger } = recorded();
    const trouble = new Trouble(logger);
    trouble.withKafka(new PublishFailed('refused'));
    trouble.withKafka(new MissingTopic('clientele.events.v1', 12, 'POLICY_VIOLATION'));
    expect(lines.at(-1)).toBe('error Kafka lacks a topic: events wait in the log');
    expect(trouble.message).toContain('clientele.events.v1');
  });
});
