import { codeFlow } from './code-flow.mjs';
import { directory } from './directory.mjs';
import { policy } from './policy.mjs';
import { reads } from './reads.mjs';
import { registration } from './registration.mjs';
import { relay } from './relay.mjs';
import { start } from './start.mjs';
import { storedClients } from './stored-clients.mjs';
import { tokens } from './tokens.mjs';

/** Every scenario family, in the order in which they run. */
export const families = {
  registration,
  reads,
  tokens,
  'code-flow': codeFlow,
  directory,
  policy,
  start,
  relay,
  stored: storedClients,
};
