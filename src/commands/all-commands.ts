import { conformanceCommand } from './conformance.command.js';
import { directoryCheck } from './directory-check.command.js';
import { directoryRebuild } from './directory-rebuild.command.js';
import { doctorCommand } from './doctor.command.js';
import { eventsExport } from './events-export.command.js';
import { eventsTail } from './events-tail.command.js';
import type { Command } from './framework/command.js';
import { keysList } from './keys-list.command.js';
import { keysRotate } from './keys-rotate.command.js';
import { migrateCommand } from './migrate.command.js';
import { serveCommand } from './serve.command.js';

/** Every command of the command line, in the order the help lists them. */
export const commands: readonly Command[] = [
  serveCommand,
  migrateCommand,
  doctorCommand,
  directoryCheck,
  directoryRebuild,
  eventsTail,
  eventsExport,
  keysList,
  keysRotate,
  conformanceCommand,
];
