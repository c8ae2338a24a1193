import { randomFillSync } from 'node:crypto';

const bytes = Buffer.alloc(16);
const pool = Buffer.alloc(1024);
let used = pool.length;

/** A UUID version 7 (RFC 9562 section 5.7): 48 bits of milliseconds, 74 random bits. Sorts by time across instances. */
export function uuidVersion7(now: number = Date.now()): string {
  if (used + 10 > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  bytes.writeUIntBE(now, 0, 6);
  pool.copy(bytes, 6, used, used + 10);
  used += 10;
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
