import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { repairRequestQueueTimer } from './request-queue-timer.js';

interface Queue {
  throttledUntil: number;
  checkPendingRequests(): void;
  push(request: { entry: { correlationId: number }; expectResponse: boolean; sendRequest: () => void }): void;
}

const require = createRequire(import.meta.url);
const RequestQueue = require('kafkajs/src/network/requestQueue/index.js') as new (options: object) => Queue;
const silent = { debug() {}, warn() {}, error() {}, info() {} };

describe('the repaired request queue of kafkajs', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    repairRequestQueueTimer();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const aQueue = () =>
    new RequestQueue({
      maxInFlightRequests: 1,
      requestTimeout: 1000,
      logger: { ...silent, namespace: () => silent },
    });

  it('sets no timer when no request waits', () => {
    aQueue().checkPendingRequests();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('sends what waited for the end of a throttling when it is over', () => {
    const queue = aQueue();
    queue.throttledUntil = Date.now() + 500;
    const sendRequest = vi.fn();
    queue.push({ entry: { correlationId: 1 }, expectResponse: true, sendRequest });
    vi.advanceTimersByTime(499);
    expect(sendRequest).not.toHaveBeenCalled();
    vi.advanceTimersByTime(20);
    expect(sendRequest).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });
});
