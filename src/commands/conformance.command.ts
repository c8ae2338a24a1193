import { readFile, writeFile } from 'node:fs/promises';
import { serviceVersion } from '../platform/telemetry/build-info.js';
import type { Profile } from '../conformance/conformance-test.js';
import { defineCommand, exitCodes } from './framework/command.js';
import { UsageError } from './framework/usage-error.js';

const HELP = 'clientele conformance --help';
/** Nothing could be tested: the server does not answer, or has no registration endpoint. */
const NOTHING_TO_TEST = 3;

/** Tests any server's dynamic client registration from outside. */
export const conformanceCommand = defineCommand({
  name: 'conformance',
  summary: "test any server's dynamic client registration against the RFCs",
  description: `Tests an authorization server from outside, whatever it is made with: dynamic client registration (RFC 7591),
its management (RFC 7592), and what clients of the Model Context Protocol need. It finds the endpoints in the server's
metadata, registers clients, reads, changes and deletes them, and tells for each requirement whether the server meets it.
A failure names the section, what was sent and what came back, with credentials masked.

It sends one request after another, waits where a 429 asks for it, and deletes what it registered where the server
allows that. Run it against a test realm rather than production: clients that cannot be deleted stay.

A MUST that is not met is a failure, a SHOULD a warning. A test that does not apply is skipped, and says why.`,
  options: {
    issuer: { kind: 'text', value: 'URL', help: 'issuer identifier of the server' },
    profile: {
      kind: 'choice',
      choices: ['all', 'rfc7591', 'rfc7592', 'mcp'],
      default: 'all',
      help: 'what to test',
    },
    only: { kind: 'texts', value: 'ID', help: 'run this test, or the tests of this requirement' },
    list: { kind: 'flag', help: 'list the tests, and run none' },
    'registration-endpoint': {
      kind: 'text',
      value: 'URL',
      help: 'register here instead of where the metadata says',
    },
    'initial-access-token': {
      kind: 'text',
      value: 'TOKEN',
      help: 'register with this token, good for about a hundred uses',
    },
    'redirect-uri': {
      kind: 'text',
      value: 'URI',
      default: 'http://127.0.0.1:8765/callback',
      help: 'of the clients that are registered, one that the server accepts',
    },
    'software-statement-key': {
      kind: 'text',
      value: 'FILE',
      help: 'private key, PEM or JWK, whose software statements the server trusts',
    },
    'software-statement-issuer': {
      kind: 'text',
      value: 'ISS',
      default: 'https://conformance.example.org',
      help: 'iss of these software statements',
    },
    timeout: { kind: 'count', value: 'SECONDS', default: 10, help: 'for one answer' },
    'longest-pause': {
      kind: 'count',
      value: 'SECONDS',
      default: 60,
      help: 'the longest Retry-After that is waited out',
    },
    json: { kind: 'text', value: 'FILE', help: 'write everything that was found out here as JSON' },
    junit: { kind: 'text', value: 'FILE', help: 'write the results here as JUnit XML' },
  },
  examples: [
    { command: 'clientele conformance --issuer http://localhost:3000', purpose: 'all tests' },
    {
      command: 'clientele conformance --issuer https://as.example --profile mcp --junit mcp.xml',
      purpose: 'what MCP clients need, with a report for a build server',
    },
    {
      command: 'clientele conformance --issuer https://as.example --only M-20 --only R-05',
      purpose: 'the tests of two requirements',
    },
  ],
  environment: [],
  exits: {
    0: 'every MUST that applies is met',
    1: 'a MUST is not met, or could not be tested',
    3: 'the server cannot be reached, or has no registration endpoint',
  },
  async run({ output, signal }, options) {
    const [{ select }, { profiles }, { runSuite }, { NothingToTest }, terminal, reports] = await Promise.all([
      import('../conformance/all-chapters.js'),
      import('../conformance/conformance-test.js'),
      import('../conformance/run-suite.js'),
      import('../conformance/server/discover.js'),
      import('../conformance/report/terminal.js'),
      loadReports(),
    ]);
    const chosen: readonly Profile[] = options.profile === 'all' ? profiles : [options.profile];
    const selection = { profiles: chosen, only: options.only };
    const chapters = select(selection);
    if (chapters.length === 0) throw new UsageError(`There is no test ${options.only.join(', ')}.`, HELP);
    if (options.list) {
      for (const { title, tests } of chapters) {
        output.print(output.paint.bold(title));
        for (const { id, level, title, reference } of tests)
          output.print(
            `  ${id.padEnd(16)} ${level.padEnd(7)} ${title} ${output.paint.dim(`(${reference})`)}`,
          );
      }
      return exitCodes.ok;
    }

    const issuer = addressIn(options.issuer, 'issuer');
    const registrationEndpoint = options['registration-endpoint'];
    if (registrationEndpoint !== undefined) addressIn(registrationEndpoint, 'registration-endpoint');
    const signer = await signerOf(options['software-statement-key'], options['software-statement-issuer']);
    let chapter = '';
    try {
      const run = await runSuite({
        ...selection,
        issuer,
        registrationEndpoint,
        initialAccessToken: options['initial-access-token'],
        redirectUri: options['redirect-uri'],
        signer,
        timeoutMs: options.timeout * 1_000,
        longestPauseMs: options['longest-pause'] * 1_000,
        signal,
        note: (line) => output.note(line),
        ended(result, { done, total }) {
          if (result.chapter !== chapter) {
            output.print(`${chapter === '' ? '' : '\n'}${output.paint.bold(result.chapter)}`);
          }
          chapter = result.chapter;
          for (const line of terminal.describeResult(result, output.paint)) output.print(line);
          if (output.interactive) output.progress(`${done} of ${total}`);
        },
      });
      output.print('');
      for (const line of terminal.summarise(run, output.paint)) output.print(line);
      if (options.json !== undefined) await writeFile(options.json, reports.jsonReport(run, serviceVersion));
      if (options.junit !== undefined) await writeFile(options.junit, reports.junitReport(run));
      if (run.interrupted) return exitCodes.interrupted;
      return reports.conforms(run.results) ? exitCodes.ok : exitCodes.failure;
    } catch (error) {
      if (!(error instanceof NothingToTest)) throw error;
      output.note(error.message);
      return NOTHING_TO_TEST;
    }
  },
});

async function loadReports() {
  const [json, junit, result] = await Promise.all([
    import('../conformance/report/json.js'),
    import('../conformance/report/junit.js'),
    import('../conformance/result.js'),
  ]);
  return { ...json, ...junit, ...result };
}

/** @throws UsageError unless it is an address of the web */
function addressIn(value: string | undefined, option: string): string {
  if (value === undefined) throw new UsageError(`--${option} is missing.`, HELP);
  if (!/^https?:\/\/[^/]/.test(value) || !URL.canParse(value))
    throw new UsageError(`--${option} must be a URL, not ${JSON.stringify(value)}.`, HELP);
  return value;
}

async function signerOf(file: string | undefined, issuer: string) {
  if (file === undefined) return undefined;
  const { createStatementSigner } = await import('../conformance/software-statement.js');
  try {
    return createStatementSigner(await readFile(file, 'utf8'), issuer);
  } catch (error) {
    throw new UsageError(`--software-statement-key: ${(error as Error).message}.`, HELP);
  }
}
