import { open } from 'node:fs/promises';
import { readSettings } from '../platform/config/read-configuration.js';
import { withDatabase } from './database-client.js';
import { DATABASE_VARIABLES, databaseSettings } from './environment.js';
import { cloudEvents, jsonLines } from './events/event-formats.js';
import { exportEvents, type ExportSummary } from './events/export-events.js';
import { headOf } from './events/tail-events.js';
import { defineCommand, exitCodes } from './framework/command.js';
import { UsageError } from './framework/usage-error.js';

/** So many faults are told one by one. */
const MOST_TOLD = 20;
const HELP = 'clientele events export --help';

/** Writes the log out, and proves it. */
export const eventsExport = defineCommand({
  name: 'events export',
  summary: 'write the event log out, and prove that it was not altered',
  description: `Writes events in the order of the log, a line each, as stored: with --format jsonl the very bytes, with
cloudevents a CloudEvent around them. On the way it proves that no position is missing, that every event continues the
chain of its stream, and that its columns say what its bytes say; with --verify it does only that.

The last line tells how many events there were, the last position, and the SHA-256 of everything written. Keep it
elsewhere: another export up to the same position has the same digest, or the log was altered. An export that was ended
goes on with --after and the position it told, and --append.

Who alters the last event of a stream, or a whole stream, breaks no chain: the digest shows it, and so do Kafka's copies.`,
  options: {
    after: { kind: 'count', value: 'POSITION', default: 0, help: 'begin behind this position' },
    until: { kind: 'text', value: 'POSITION', default: 'now', help: 'the last position, or now' },
    format: { kind: 'choice', choices: ['jsonl', 'cloudevents'], default: 'jsonl', help: 'what a line is' },
    output: { kind: 'text', value: 'FILE', help: 'write to a new file instead of standard output' },
    append: { kind: 'flag', help: 'with --output: write at the end of a file that exists' },
    verify: { kind: 'flag', help: 'write nothing, only prove' },
    json: { kind: 'flag', help: 'tell the summary as one JSON object' },
  },
  examples: [
    { command: 'clientele events export --verify', purpose: 'prove the whole log' },
    {
      command: 'clientele events export --output events.jsonl',
      purpose: 'an archive; sha256sum confirms it',
    },
    {
      command: 'clientele events export --after 120000 --format cloudevents | gzip > events.gz',
      purpose: 'what is new since the last time',
    },
  ],
  environment: [...DATABASE_VARIABLES, 'PUBLIC_URL'],
  exits: {
    0: 'done, and nothing was altered',
    1: 'events were altered or are missing; standard error names them',
  },
  async run({ environment, output, signal }, options) {
    const settings = databaseSettings(environment);
    if (options.append && options.output === undefined)
      throw new UsageError('--append needs --output.', HELP);
    const source = readSettings(environment).settings.PUBLIC_URL ?? 'http://localhost:3000';
    return withDatabase(settings, { output, signal: new AbortController().signal }, async (client) => {
      const until = options.until === 'now' ? await headOf(client) : positionOf(options.until);
      const file = options.verify ? undefined : await openFile(options.output, options.append);
      let told = 0;
      try {
        const summary = await exportEvents(client, {
          after: options.after,
          until,
          format: options.format === 'cloudevents' ? cloudEvents(source) : jsonLines,
          write: options.verify
            ? undefined
            : file
              ? (text) => file.appendFile(text)
              : (text) => output.write(text),
          onFault: (position, stream, fault) => {
            told += 1;
            if (told <= MOST_TOLD) output.note(`position ${position} (${stream}) ${fault}`);
          },
          onProgress: (position) => output.progress(`${position} of ${until}`),
          signal,
        });
        await file?.sync();
        const text = options.json ? JSON.stringify(summary) : sentence(summary, options.after);
        if (options.verify || file) output.print(text);
        else output.note(text);
        if (signal.aborted) return exitCodes.interrupted;
        return summary.faults === 0 ? exitCodes.ok : exitCodes.failure;
      } finally {
        await file?.close();
      }
    });
  },
});

function sentence({ events, position, sha256, faults }: ExportSummary, after: number): string {
  const stretch =
    events === 0 ? `nothing after position ${after}` : `${events} events, last position ${position}`;
  return `${stretch}, sha256 ${sha256}, ${faults === 0 ? 'every chain intact' : `${faults} NOT AS RECORDED`}`;
}

function positionOf(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new UsageError(`--until must be a position or now, not ${JSON.stringify(text)}.`, HELP);
}

async function openFile(name: string | undefined, append: boolean) {
  if (name === undefined) return undefined;
  try {
    return await open(name, append ? 'a' : 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new UsageError(`${name} exists. Name another file, or go on with --after and --append.`, HELP);
  }
}
