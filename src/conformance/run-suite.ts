import { select, type Selection } from './all-chapters.js';
import type { ConformanceTest } from './conformance-test.js';
import type { Exchange } from './http/exchange.js';
import { createHttpClient, Unreachable, type HttpClientOptions } from './http/http-client.js';
import { showExchange } from './http/shown-exchange.js';
import { CouldNotRun, NotApplicable, Unmet } from './outcome.js';
import type { RunResult, TestResult } from './result.js';
import { discover } from './server/discover.js';
import { Ledger } from './server/ledger.js';
import type { RegisteredClient } from './server/registered-client.js';
import type { StatementSigner } from './software-statement.js';
import { TestContext, type Session } from './test-context.js';

/** What to test, and how. */
export interface RunOptions extends Selection, HttpClientOptions {
  /** Of the server under test, RFC 8414 section 2. */
  readonly issuer: string;
  /** To use instead of the advertised one. */
  readonly registrationEndpoint?: string | undefined;
  /** RFC 7591 section 3. */
  readonly initialAccessToken?: string | undefined;
  /** Of the clients that tests register. */
  readonly redirectUri: string;
  readonly signer?: StatementSigner | undefined;
  /** Ends the run after the test that is running; what was registered is deleted all the same. */
  readonly signal?: AbortSignal | undefined;
  /** Told of each test as it ends. */
  readonly ended?: (result: TestResult, progress: Progress) => void;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
}

/** An address on this machine, which servers for native applications accept. */
export const USUAL_REDIRECT_URI = 'http://127.0.0.1:8765/callback';

/**
 * Runs the selected tests one after another against a server, and deletes the clients that they registered.
 *
 * @throws NothingToTest when the server cannot be reached or has no registration endpoint
 */
export async function runSuite(options: RunOptions): Promise<RunResult> {
  const started = new Date();
  const send = createHttpClient(options);
  const server = await discover(send, options.issuer, options.registrationEndpoint);
  const ledger = new Ledger(send);
  const session: Session = {
    server,
    send,
    ledger,
    initialAccessToken: options.initialAccessToken,
    redirectUri: options.redirectUri,
    signer: options.signer,
    shared: new Map(),
    refusals: new Map(),
  };

  const chapters = select(options);
  const total = chapters.reduce((sum, { tests }) => sum + tests.length, 0);
  const results: TestResult[] = [];
  for (const { title, tests } of chapters) {
    for (const test of tests) {
      if (options.signal?.aborted) break;
      const result = await runTest(title, test, session);
      results.push(result);
      await ledger.sweep(await settled(session));
      options.ended?.(result, { done: results.length, total });
    }
  }
  await ledger.sweep();
  return {
    issuer: options.issuer,
    registrationEndpoint: server.registrationEndpoint,
    profiles: options.profiles,
    started: started.toISOString(),
    milliseconds: Date.now() - started.getTime(),
    results,
    clients: ledger.leftovers,
    interrupted: results.length < total,
  };
}

/** The clients that later tests look at as well. */
async function settled({ shared }: Session): Promise<ReadonlySet<RegisteredClient>> {
  const clients = await Promise.allSettled(shared.values());
  return new Set(clients.flatMap((client) => (client.status === 'fulfilled' ? [client.value] : [])));
}

async function runTest(chapter: string, test: ConformanceTest, session: Session): Promise<TestResult> {
  const { id, level, title, profiles, reference, rule } = test;
  const context = new TestContext(session);
  const began = performance.now();
  const judged = await test.run(context).then(
    (): Judgement => ({ verdict: 'pass', expected: null, found: null }),
    (error: unknown) => judge(error, test),
  );
  const { verdict, expected, found, exchange = context.exchanges.at(-1) } = judged;
  return {
    id,
    chapter,
    level,
    title,
    profiles,
    reference,
    rule,
    verdict,
    expected,
    found,
    exchange: verdict === 'pass' || exchange === undefined ? null : showExchange(exchange),
    milliseconds: Math.round(performance.now() - began),
  };
}

interface Judgement extends Pick<TestResult, 'verdict' | 'expected' | 'found'> {
  readonly exchange?: Exchange | undefined;
}

function judge(error: unknown, { level }: ConformanceTest): Judgement {
  if (error instanceof Unmet) {
    const { expected, found, exchange } = error;
    return { verdict: level === 'MUST' ? 'fail' : 'warning', expected, found, exchange };
  }
  if (error instanceof NotApplicable) return { verdict: 'skipped', expected: null, found: error.message };
  if (error instanceof CouldNotRun || error instanceof Unreachable) {
    const exchange = error instanceof CouldNotRun ? error.exchange : undefined;
    return { verdict: 'error', expected: null, found: error.message, exchange };
  }
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { verdict: 'error', expected: null, found: `the test broke: ${told}` };
}
