import { expect, it } from 'vitest';
import { recorded } from '../../../test/support/client-events.js';
import { clientRegistered } from '../../../test/support/event-builders.js';
import type { Envelope } from '../../contract/envelope.js';
import type { JsonObject } from '../../contract/json.js';
import { createPaint } from '../framework/output.js';
import { eventLine } from './event-line.js';

const at = new Date('2026-11-23T10:00:00.123Z');
const line = (envelope: object) =>
  eventLine(12, at, envelope as Envelope<string, JsonObject>, createPaint(false));

it('a line tells when, where, what, about whom, by whom and with which outcome', () => {
  expect(line(recorded(clientRegistered('c_1')))).toMatch(
    /^2026-11-23 10:00:00\.123 +12 {2}client\.registered +c_1 {2}anonymous {2}active$/,
  );
});

it('what callers sent does not steer the terminal', () => {
  const event = recorded(clientRegistered('c_\u001B[2J\u009B1m'));
  expect(line(event)).toContain('c_\uFFFD[2J\uFFFD1m');
});
