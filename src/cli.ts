#!/usr/bin/env node
import { explain, overview } from './commands/help.js';
import { directoryCheck } from './commands/directory-check.js';
import { directoryRebuild } from './commands/directory-rebuild.js';
import { readConfiguration } from './platform/config/read-configuration.js';

const commands = [directoryRebuild, directoryCheck];
const words = process.argv.slice(2);
const wantsHelp = words.some((word) => word === '--help' || word === '-h');
const typed = words.filter((word) => !word.startsWith('-')).join(' ');
const command = commands.find((each) => each.name === typed);
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const progress = (line: string): void => void process.stderr.write(`${line}\n`);

if (!command || wantsHelp) {
  if (command) print(explain(command));
  else if (typed === '') print(overview(commands));
  else progress(`There is no command ${JSON.stringify(typed)}.\n\n${overview(commands)}`);
  process.exitCode = command || wantsHelp || typed === '' ? 0 : 2;
} else {
  const result = readConfiguration(process.env);
  if (!result.ok) {
    for (const { variable, message } of result.problems) progress(`${variable} ${message}.`);
    process.exitCode = 2;
  } else {
    try {
      process.exitCode = await command.run({ configuration: result.configuration, print, progress });
    } catch (error) {
      progress(`${command.name} failed: ${(error as Error).message}`);
      process.exitCode = 1;
    }
  }
}
