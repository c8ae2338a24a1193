// The command line.
import { parseArgs } from 'node:util';
import { families } from './scenarios/families.mjs';

export const HELP = `Compares Clientele with its peers on this machine; bench/README.md tells how.

  npm run bench -- [options]

  --only a,b     only these: ${Object.keys(families).join(', ')}
  --quick        shorter runs, and no million clients
  --json FILE    writes every single run there
  --no-record    leaves bench/RESULTS.md alone
  --help
`;

const THOROUGH = { runs: 3, seconds: 5, warmUpSeconds: 2 };
const QUICK = { runs: 3, seconds: 2, warmUpSeconds: 1 };

/**
 * @param {readonly string[]} given
 * @throws {Error} with a sentence for whoever typed it
 */
export function readOptions(given) {
  const { values } = parseArgs({
    args: [...given],
    options: {
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      'no-record': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const chosen = values.only?.split(',') ?? Object.keys(families);
  const unknown = chosen.filter((name) => !Object.hasOwn(families, name));
  if (unknown.length > 0)
    throw new Error(
      `--only: there is no ${unknown.join(', ')}; choose from ${Object.keys(families).join(', ')}`,
    );
  const measured = [values.only && `--only ${values.only}`, values.quick && '--quick'].filter(Boolean);
  return {
    /** Without what does not change the measurements: it goes into RESULTS.md. */
    command: ['npm run bench', ...(measured.length > 0 ? ['--', ...measured] : [])].join(' '),
    help: values.help,
    quick: values.quick,
    json: values.json,
    record: !values['no-record'],
    chosen: Object.keys(families).filter((name) => chosen.includes(name)),
    effort: values.quick ? QUICK : THOROUGH,
  };
}
