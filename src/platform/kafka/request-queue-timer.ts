import { createRequire } from 'node:module';

/** What the repair reads of kafkajs 2.2.4's `network/requestQueue`. */
interface RequestQueue {
  readonly pending: readonly unknown[];
  /** Milliseconds since the epoch; -1 when the broker never throttled us. */
  readonly throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
}

const SHORTEST_DELAY_MILLISECONDS = 10;

/**
 * Repairs a timer of kafkajs 2.2.4 (tulios/kafkajs#1751): after the first response every connection asks for a timer in
 * the negative past, which Node makes one of 1 ms, again and again for as long as the connection lives. That costs 7% of
 * a core while nothing happens, and Node 24 prints TimeoutNegativeWarning. A timer is needed only while requests wait
 * for the end of a throttling; what waits for a free slot is sent when a response arrives.
 */
export function repairRequestQueueTimer(): void {
  const require = createRequire(import.meta.url);
  const { prototype } = require('kafkajs/src/network/requestQueue/index.js') as { prototype: RequestQueue };
  prototype.scheduleCheckPendingRequests = scheduleCheckPendingRequests;
}

function scheduleCheckPendingRequests(this: RequestQueue): void {
  if (this.pending.length === 0 || this.throttleCheckTimeoutId !== null) return;
  const delay = Math.max(this.throttledUntil - Date.now(), SHORTEST_DELAY_MILLISECONDS);
  this.throttleCheckTimeoutId = setTimeout(() => {
    this.throttleCheckTimeoutId = null;
    this.checkPendingRequests();
  }, delay);
}
