import { codeFlow } from './code-flow.mjs';
import { reads } from './reads.mjs';
import { registration } from './registration.mjs';
import { tokens } from './tokens.mjs';

/** Every scenario family, in the order in which they run. */
export const families = { registration, reads, tokens, 'code-flow': codeFlow };
