#!/usr/bin/env node
import { explain, overview } from './commands/help.js';
import { databaseSettings } from './commands/environment.js';
import { migrateCommand } from './commands/migrate.js';
import { directoryCheck } from './commands/directory-check.js';
import { directoryRebuild } from './commands/directory-rebuild.js';

const commands = [migrateCommand, directoryRebuild, directoryCheck];
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
  const result = databaseSettings(process.env);
  if ('problems' in result) {
    for (const { variable, message } of result.problems) progress(`${variable} ${message}.`);
    process.exitCode = 2;
  } else {
    try {
      process.exitCode = await command.run({ configuration: result.settings, print, progress });
    } catch (error) {
      progress(`${command.name} failed: ${(error as Error).message}`);
      process.exitCode = 1;
    }
  }
}
