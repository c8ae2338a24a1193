import { readFileSync } from 'node:fs';
import type { Problem } from './configuration-rules.js';
import { configurationTable, type Variable, type VariableName } from './configuration-table.js';

/** What the environment says, before anybody asks whether it makes sense. */
export interface VariableTexts {
  /** Trimmed; undefined when not set or empty. */
  readonly texts: Readonly<Record<string, string | undefined>>;
  /** The variables whose text came from the file that `<NAME>_FILE` names. */
  readonly fromFiles: ReadonlySet<VariableName>;
  readonly problems: readonly Problem[];
  /** The variables that these problems concern, under their own names. */
  readonly unreadable: ReadonlySet<VariableName>;
}

/** The variable that names a file with a secret, the way container platforms hand secrets over. */
export function fileVariable<Name extends VariableName>(name: Name): `${Name}_FILE` {
  return `${name}_FILE`;
}

/**
 * Takes the text of each variable from the environment, and that of a secret also from the file that `<NAME>_FILE` names.
 *
 * @param environment `process.env`
 */
export function readTexts(environment: NodeJS.ProcessEnv): VariableTexts {
  const texts: Record<string, string | undefined> = {};
  const fromFiles = new Set<VariableName>();
  const problems: Problem[] = [];
  const unreadable = new Set<VariableName>();
  for (const [name, variable] of Object.entries(configurationTable) as [VariableName, Variable][]) {
    texts[name] = environment[name]?.trim() || undefined;
    const file = variable.secret && environment[fileVariable(name)]?.trim();
    if (!file) continue;
    const read =
      texts[name] === undefined ? readSecret(file) : { message: `is set beside ${name}; set one of them` };
    if ('message' in read) {
      problems.push({ variable: fileVariable(name), message: read.message });
      unreadable.add(name);
    } else {
      texts[name] = read.text;
      fromFiles.add(name);
    }
  }
  return { texts, fromFiles, problems, unreadable };
}

/** Why a file cannot be read, by error code; finishes the sentence that the variable begins. */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'names a file that does not exist',
  EACCES: 'names a file that this user may not read',
  EISDIR: 'names a folder. Container engines make one where the file to mount is missing',
};

/** The path is not repeated: whoever confuses `X_FILE` with `X` has a secret there. */
function readSecret(file: string): { readonly text: string } | { readonly message: string } {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return text === '' ? { message: 'names a file that is empty' } : { text };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    return { message: reasons[code] ?? `names a file that cannot be read (${code})` };
  }
}
