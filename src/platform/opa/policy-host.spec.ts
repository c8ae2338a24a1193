import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  behavioursBundle,
  callingHostBundle,
  changeBundle,
  shippedBundle,
  withProfiles,
} from '../../../test/support/policy-bundles.js';
import { policyCases } from '../../../test/support/policy-cases.js';
import type { PolicyInput } from '../../domain/policy/policy-input.js';
import {
  PolicyHost,
  type EvaluatedDecision,
  type ObservedEvaluation,
  type PolicyHostOptions,
} from './policy-host.js';

const anInput = policyCases().find(
  ({ expected, settings }) => expected.outcome === 'allow' && !settings,
)!.input;
/** A module whose start function never returns. */
const ENDLESS_START = Buffer.from('0061736d01000000010401600000030201000801000a0901070003400c000b0b', 'hex');

const hosts: PolicyHost[] = [];

afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()));
});

function aHost(options: Partial<PolicyHostOptions> = {}): PolicyHost {
  const host = new PolicyHost({ protocolMembers: new Set(['client_name']), ...options });
  hosts.push(host);
  return host;
}

/** A host with the bundle that does what the client's name says. */
async function aBehavingHost(options: Partial<PolicyHostOptions> = {}): Promise<{
  host: PolicyHost;
  digest: string;
  evaluate: (behaviour: string) => Promise<EvaluatedDecision>;
}> {
  const host = aHost({ deadline: 400, ...options });
  const { digest } = await host.load(behavioursBundle());
  return { host, digest, evaluate: (behaviour) => host.evaluate(digest, named(behaviour)) };
}

function named(name: string): PolicyInput {
  return { ...anInput, client: { ...anInput.client, client_name: name } };
}

async function outcomes(evaluations: readonly Promise<EvaluatedDecision>[]): Promise<string[]> {
  const settled = await Promise.allSettled(evaluations);
  return settled.map((one) =>
    one.status === 'fulfilled' ? one.value.decision.outcome : (one.reason as { reason: string }).reason,
  );
}

describe('loading', () => {
  it('tells the revision and what each profile declares', async () => {
    const loaded = await aHost().load(shippedBundle());
    expect(loaded.revision).toMatch(/^[0-9a-f]{12}$/);
    expect([...loaded.profiles.keys()]).toEqual(['default']);
    const profile = loaded.profiles.get('default')!;
    expect(profile.dotlessSchemes).toContain('cursor');
    expect(profile).not.toHaveProperty('scopes');
    expect(profile.custom.names.size).toBe(0);
  });

  it('tells the scope ceiling and the custom metadata of a profile that has them', async () => {
    const settings = {
      scope_ceiling: ['mcp:tools'],
      custom_metadata: { properties: { cost_center: { type: 'string' } } },
    };
    const { profiles } = await aHost().load(await withProfiles(shippedBundle(), { strict: settings }));
    expect(profiles.get('strict')).toMatchObject({ scopes: ['mcp:tools'], dotlessSchemes: [] });
    expect(profiles.get('strict')!.custom.validate({ cost_center: 1 })).toHaveLength(1);
  });

  it('knows the same bytes again, also while they load', async () => {
    const host = aHost();
    const [first, second] = await Promise.all([host.load(shippedBundle()), host.load(shippedBundle())]);
    expect(second).toBe(first);
    expect(await host.load(shippedBundle())).toBe(first);
    expect(host.status().bundles).toEqual([
      { digest: first.digest, revision: first.revision, tripped: false },
    ]);
  });

  it.each<[string, () => Promise<Buffer>, string]>([
    ['a call to the host', async () => callingHostBundle(), 'host_functions'],
    [
      'bytes that are no WebAssembly',
      () => changeBundle(shippedBundle(), { '/policy.wasm': 'text' }),
      'web_assembly',
    ],
    [
      'WebAssembly that is no policy',
      () => changeBundle(shippedBundle(), { '/policy.wasm': Buffer.from('0061736d01000000', 'hex') }),
      'web_assembly',
    ],
    ['no profiles', () => withProfiles(shippedBundle(), {}), 'profile'],
    ['a profile that is no object', () => withProfiles(shippedBundle(), { default: 'x' }), 'profile'],
    [
      'schemes that are no list',
      () => withProfiles(shippedBundle(), { default: { dotless_schemes: 'x' } }),
      'profile',
    ],
    [
      'a protocol member as custom metadata',
      () =>
        withProfiles(shippedBundle(), { default: { custom_metadata: { properties: { client_name: {} } } } }),
      'custom_metadata',
    ],
  ])('refuses %s', async (_, bundle, fault) => {
    await expect(aHost().load(await bundle())).rejects.toMatchObject({ name: 'InvalidPolicyBundle', fault });
  });

  it('names the host functions that a refused bundle calls', async () => {
    await expect(aHost().load(callingHostBundle())).rejects.toThrow('time.now_ns');
  });

  it('a bundle that never comes up harms no other', async () => {
    const { host, evaluate } = await aBehavingHost({ preparationDeadline: 2_000 });
    const endless = host.load(await changeBundle(shippedBundle(), { '/policy.wasm': ENDLESS_START }));
    expect(await outcomes([evaluate('allow')])).toEqual(['allow']);
    await expect(endless).rejects.toMatchObject({ fault: 'web_assembly' });
    expect(await outcomes([evaluate('allow')])).toEqual(['allow']);
    await host.load(shippedBundle());
  });

  it('forgets a bundle that is unloaded', async () => {
    const { host, digest, evaluate } = await aBehavingHost();
    host.unload(digest);
    await expect(evaluate('allow')).rejects.toMatchObject({ reason: 'unknown_bundle' });
    await host.load(behavioursBundle());
    expect(await outcomes([evaluate('allow')])).toEqual(['allow']);
  });
});

describe('evaluating', () => {
  it('answers each input of a tick with its own decision', async () => {
    const { evaluate } = await aBehavingHost({ largestBatch: 7 });
    const behaviours = Array.from({ length: 100 }, (_, index) => (index % 3 === 0 ? 'deny' : 'allow'));
    expect(await outcomes(behaviours.map(evaluate))).toEqual(behaviours);
  });

  it('D-5 says when to come back', async () => {
    const { evaluate } = await aBehavingHost();
    await expect(evaluate('half')).rejects.toMatchObject({
      name: 'PolicyUnavailable',
      retryAfterSeconds: 30,
    });
  });

  it('turns inputs away when too many wait', async () => {
    const { evaluate } = await aBehavingHost({ longestQueue: 2 });
    expect(await outcomes([evaluate('allow'), evaluate('allow'), evaluate('allow')])).toEqual([
      'allow',
      'allow',
      'overloaded',
    ]);
  });

  it('tells metrics of every evaluation', async () => {
    const seen: ObservedEvaluation[] = [];
    const { evaluate, digest } = await aBehavingHost({ onEvaluation: (one) => seen.push(one) });
    const { duration_us } = await evaluate('allow');
    await expect(evaluate('half')).rejects.toMatchObject({ reason: 'malformed' });
    expect(seen.map(({ result }) => result)).toEqual([{ outcome: 'allow' }, { unavailable: 'malformed' }]);
    expect(seen.every((one) => one.digest === digest)).toBe(true);
    expect(Number.isSafeInteger(duration_us)).toBe(true);
  });
});

describe('an answer that is no decision', () => {
  let host: PolicyHost;
  let digest: string;

  beforeAll(async () => {
    host = new PolicyHost({ protocolMembers: new Set(), deadline: 10_000 });
    ({ digest } = await host.load(behavioursBundle()));
  });

  afterAll(() => host.close());

  const evaluate = (behaviour: string): Promise<EvaluatedDecision> => host.evaluate(digest, named(behaviour));

  it.each([
    ['undefined', 'no rule for this name'],
    ['malformed', 'text'],
    ['malformed', 'true'],
    ['malformed', 'half'],
    ['malformed', 'allow in spite of a violation'],
    ['malformed', 'deny without a violation'],
    ['malformed', 'unknown obligation'],
    ['malformed', 'finding as text'],
    ['trapped', 'conflict'],
    ['trapped', 'memory'],
  ])('I13 gives no decision: %s (%s)', async (reason, behaviour) => {
    expect(await outcomes([evaluate('allow'), evaluate(behaviour), evaluate('deny')])).toEqual([
      'allow',
      reason,
      'deny',
    ]);
    expect(await outcomes([evaluate('allow')])).toEqual(['allow']);
  });
});

describe('a policy that loops', () => {
  it('costs its neighbours in the batch time and nothing else', async () => {
    const { host, evaluate } = await aBehavingHost();
    const behaviours = ['allow', 'deny', 'loop', 'allow'];
    expect(await outcomes(behaviours.map(evaluate))).toEqual(['allow', 'deny', 'deadline', 'allow']);
    expect(host.status()).toMatchObject({ replacements: 2, waiting: 0, bundles: [{ tripped: false }] });
  });

  it('leaves the event loop alone', async () => {
    const { evaluate } = await aBehavingHost();
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 1);
    await expect(evaluate('loop')).rejects.toMatchObject({ reason: 'deadline', retryAfterSeconds: 1 });
    clearInterval(counting);
    expect(turns).toBeGreaterThan(20);
  });

  it('trips after three timeouts; what still waits is turned away at once', async () => {
    const changes: boolean[] = [];
    const { host, evaluate } = await aBehavingHost({
      clock: () => 0,
      onTripChange: ({ tripped }) => changes.push(tripped),
    });
    const reasons = await outcomes(Array.from({ length: 20 }, () => evaluate('loop')));
    expect(reasons).toEqual([...Array<string>(3).fill('deadline'), ...Array<string>(17).fill('tripped')]);
    expect(await outcomes([evaluate('allow')])).toEqual(['tripped']);
    expect(host.status().bundles).toMatchObject([{ tripped: true }]);
    expect(changes).toEqual([true]);
  });

  it('recovers with the first probe that is decided, one probe a second', async () => {
    const clock = { now: 0 };
    const changes: boolean[] = [];
    const { evaluate } = await aBehavingHost({
      clock: () => clock.now,
      onTripChange: ({ tripped }) => changes.push(tripped),
    });
    await outcomes(Array.from({ length: 3 }, () => evaluate('loop')));
    clock.now = 1_000;
    expect(await outcomes([evaluate('loop'), evaluate('allow')])).toEqual(['deadline', 'tripped']);
    clock.now = 2_000;
    expect(await outcomes([evaluate('half')])).toEqual(['malformed']);
    expect(await outcomes([evaluate('allow')])).toEqual(['tripped']);
    clock.now = 3_000;
    expect(await outcomes([evaluate('allow')])).toEqual(['allow']);
    expect(await outcomes([evaluate('deny'), evaluate('allow')])).toEqual(['deny', 'allow']);
    expect(changes).toEqual([true, false]);
  });

  it('trips alone: other bundles are decided as ever', async () => {
    const { host, evaluate } = await aBehavingHost({ clock: () => 0 });
    const other = await host.load(shippedBundle());
    await outcomes(Array.from({ length: 3 }, () => evaluate('loop')));
    expect(await outcomes([evaluate('allow'), host.evaluate(other.digest, anInput)])).toEqual([
      'tripped',
      'allow',
    ]);
  });
});

describe('closing', () => {
  it('answers what is under way, what waits and what comes later', async () => {
    const { host, evaluate } = await aBehavingHost({ deadline: 60_000 });
    const underWay = outcomes([evaluate('loop')]);
    await new Promise((resolve) => setImmediate(resolve));
    const waiting = outcomes([evaluate('allow')]);
    await host.close();
    expect([await underWay, await waiting, await outcomes([evaluate('allow')])]).toEqual([
      ['closed'],
      ['closed'],
      ['closed'],
    ]);
  });

  it('may be called twice', async () => {
    const host = aHost();
    await host.close();
    await expect(host.close()).resolves.toBeUndefined();
  });
});
