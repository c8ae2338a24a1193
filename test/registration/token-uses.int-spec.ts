import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { streams } from '../../src/contract/streams.js';
import { chainFault } from '../../src/platform/event-log/chain-fault.js';
import { chainedEvents } from '../../src/platform/event-log/chained-events.js';
import type { LooseJson } from '../support/loose-json.js';
import { aLoopbackClient } from '../support/registrations.js';
import { startTestService, type TestService } from '../support/service.js';

const CALLERS = 64;
const USES = 400;

let service: TestService;
let other: TestService;
beforeAll(async () => {
  service = await startTestService();
  // A second instance, on the same database.
  other = await startTestService({ publicUrl: service.url }, service.database);
});
afterAll(async () => {
  await other.stop();
  await service.stop();
});

async function issue(
  body: Record<string, unknown>,
): Promise<{ readonly id: string; readonly token: string }> {
  const response = await service.admin('POST', '/initial-access-tokens', { reason: 'onboarding', ...body });
  return (await response.json()) as { id: string; token: string };
}

async function revoke(id: string): Promise<number> {
  return (await service.admin('DELETE', `/initial-access-tokens/${id}`, { reason: 'leaked' })).status;
}

/** Registers so many times, never more than `CALLERS` at once, at each instance in turn. */
async function registerInParallel(
  instances: readonly TestService[],
  token: string,
  registrations: number,
  onAnswer: (answered: number) => void = () => undefined,
): Promise<Response[]> {
  const answers: Response[] = [];
  let begun = 0;
  const caller = async () => {
    while (begun < registrations) {
      const instance = instances[begun++ % instances.length]!;
      answers.push(await instance.register(aLoopbackClient(), { Authorization: `Bearer ${token}` }));
      onAnswer(answers.length);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return answers;
}

function countByStatus(answers: readonly Response[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

async function usesOf(id: string): Promise<number> {
  const { items } = (await (await service.admin('GET', '/initial-access-tokens')).json()) as {
    items: LooseJson[];
  };
  return items.find((item) => item['id'] === id)!['uses'] as number;
}

/** Expects every event of the log in its chain, and so many in the token's stream. */
async function expectUnbrokenChain(id: string, length: number): Promise<void> {
  const client = await service.database.pool.connect();
  const versions: number[] = [];
  let expected = 1;
  for await (const page of chainedEvents(client, 0, Number.MAX_SAFE_INTEGER)) {
    for (const event of page) {
      expect(chainFault(event, expected++)).toBeUndefined();
      if (event.stream === streams.initialAccessToken(id)) versions.push(event.version);
    }
  }
  client.release();
  expect(versions).toEqual(Array.from({ length }, (_, n) => n + 1));
}

describe.each([
  ['one instance', () => [service]],
  ['two instances', () => [service, other]],
])('registrations with one initial access token, many at once at %s', (_, instances) => {
  test('without a limit are all 201, and each use is an event', async () => {
    const { id, token } = await issue({ max_uses: null });
    const answers = await registerInParallel(instances(), token, USES);
    expect(countByStatus(answers)).toEqual({ 201: USES });
    expect(await usesOf(id)).toBe(USES);
    await expectUnbrokenChain(id, 1 + USES);
  });

  test('with max_uses N are N times 201, and every other is 401 invalid_token', async () => {
    const maxUses = 100;
    const { id, token } = await issue({ max_uses: maxUses });
    const answers = await registerInParallel(instances(), token, maxUses + CALLERS);
    expect(countByStatus(answers)).toEqual({ 201: maxUses, 401: CALLERS });
    for (const refused of answers.filter((answer) => answer.status === 401)) {
      expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"');
    }
    expect(await usesOf(id)).toBe(maxUses);
    await expectUnbrokenChain(id, 1 + maxUses);
  });

  test('do not keep the token from being revoked, and are 401 from then on', async () => {
    const { id, token } = await issue({ max_uses: null });
    let revocation: Promise<number> | undefined;
    const answers = await registerInParallel(instances(), token, USES, (answered) => {
      if (answered === CALLERS) revocation = revoke(id);
    });
    expect(await revocation).toBe(200);
    const counts = countByStatus(answers);
    expect(Object.keys(counts)).toEqual(['201', '401']);
    expect(await usesOf(id)).toBe(counts[201]);
    // Issued, used and revoked; nothing follows the revocation.
    await expectUnbrokenChain(id, 1 + counts[201]! + 1);
    const { rows } = await service.database.pool.query(
      'select type from events where stream = $1 order by version desc limit 1',
      [streams.initialAccessToken(id)],
    );
    expect(rows).toEqual([{ type: 'initial_access_token.revoked' }]);
  });
});
