import { configurationTable, type VariableName } from '../platform/config/configuration-table.js';
import { defineCommand, exitCodes } from './framework/command.js';

/** The service itself. */
export const serveCommand = defineCommand({
  name: 'serve',
  summary: 'run the service',
  description: `Runs the service in the foreground, as npm start does: it starts the embedded database where no other is
configured, migrates, listens, and ends on SIGINT, SIGTERM or SIGHUP after the running requests.`,
  options: {},
  examples: [
    { command: 'clientele serve', purpose: 'on this machine, with a database of its own below .clientele/' },
    { command: 'ROLES=relay clientele serve', purpose: 'only publish to Kafka' },
  ],
  environment: Object.keys(configurationTable) as VariableName[],
  exits: { 0: 'it was told to end', 1: 'it could not start, or did not end cleanly' },
  async run({ environment }) {
    await import('reflect-metadata');
    const { serve } = await import('../startup/serve.js');
    return (await serve(environment)) === 'misconfigured' ? exitCodes.usage : undefined;
  },
});
