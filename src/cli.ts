#!/usr/bin/env node
import { commands } from './commands/all-commands.js';
import { exitCodes } from './commands/framework/command.js';
import { createOutput } from './commands/framework/output.js';
import { runCommandLine } from './commands/framework/run-command-line.js';
import { wantsColour } from './startup/banner.js';
import { serviceVersion } from './platform/telemetry/build-info.js';

const ending = new AbortController();
const output = createOutput(process.stdout, process.stderr, wantsColour(process.stdout, process.env));
let unread = false;

// `clientele events tail | head` is no failure: whoever read has what they wanted.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  unread = true;
  ending.abort();
});
const interrupt = (): void => {
  if (ending.signal.aborted) process.exit(exitCodes.interrupted);
  ending.abort();
};
const args = process.argv.slice(2);
// The service ends by its own rules.
if (args[0] !== 'serve') for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupt);

const code = await runCommandLine({ commands, version: () => serviceVersion }, args, {
  environment: process.env,
  output,
  signal: ending.signal,
  complain: (line) => {
    output.finish();
    process.stderr.write(`${line}\n`);
  },
});
output.finish();
if (code !== undefined) process.exitCode = unread ? exitCodes.ok : code;
