import type { ClienteleCommand } from './command.js';

/** The text of `clientele --help`. */
export function overview(commands: readonly ClienteleCommand[]): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  return [
    'Usage: clientele COMMAND',
    '',
    ...commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    '',
    'clientele COMMAND --help tells more. The environment is the same as that of npm start.',
  ].join('\n');
}

/** The text of `clientele COMMAND --help`. */
export function explain(command: ClienteleCommand): string {
  return `Usage: clientele ${command.name}\n\n${command.description}`;
}
