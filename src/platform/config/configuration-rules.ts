import type { Mode } from './configuration.js';
import type { Settings, VariableName } from './configuration-table.js';

/** A reason not to start. */
export interface Problem {
  readonly variable: VariableName | `${VariableName}_FILE`;
  /** Finishes the sentence that the variable's name begins. */
  readonly message: string;
}

/** A condition on more than one variable. */
interface Rule extends Problem {
  readonly variable: VariableName;
  readonly mode?: Mode;
  readonly broken: (settings: Partial<Settings>) => boolean;
}

const MINIMAL_TOKEN_LENGTH = 32;

const rules: readonly Rule[] = [
  {
    mode: 'production',
    variable: 'PUBLIC_URL',
    message:
      'must be an https URL in production: clients and MCP servers compare it, and tokens travel to it',
    broken: ({ PUBLIC_URL }) => !PUBLIC_URL?.startsWith('https://'),
  },
  {
    mode: 'production',
    variable: 'DATABASE_URL',
    message:
      '(or DATABASE_URL_FILE) is missing. In production Clientele keeps its log in a PostgreSQL server that you run and back up',
    broken: ({ DATABASE_URL }) => DATABASE_URL === undefined,
  },
  {
    mode: 'production',
    variable: 'MASTER_KEY',
    message: '(or MASTER_KEY_FILE) is missing. Make one with: openssl rand -base64 32',
    broken: ({ MASTER_KEY }) => MASTER_KEY === undefined,
  },
  {
    mode: 'production',
    variable: 'ADMIN_TOKEN',
    message: '(or ADMIN_TOKEN_FILE) is missing. Make one with: openssl rand -hex 32',
    broken: ({ ADMIN_TOKEN }) => ADMIN_TOKEN === undefined,
  },
  {
    mode: 'production',
    variable: 'ADMIN_TOKEN',
    message: `must have at least ${MINIMAL_TOKEN_LENGTH} characters in production. Make one with: openssl rand -hex 32`,
    broken: ({ ADMIN_TOKEN }) => ADMIN_TOKEN !== undefined && ADMIN_TOKEN.length < MINIMAL_TOKEN_LENGTH,
  },
  {
    variable: 'KAFKA_SASL_USERNAME',
    message: 'is missing, KAFKA_SASL_MECHANISM needs it',
    broken: (settings) =>
      settings.KAFKA_SASL_MECHANISM !== undefined && settings.KAFKA_SASL_USERNAME === undefined,
  },
  {
    variable: 'KAFKA_SASL_PASSWORD',
    message: '(or KAFKA_SASL_PASSWORD_FILE) is missing, KAFKA_SASL_MECHANISM needs it',
    broken: (settings) =>
      settings.KAFKA_SASL_MECHANISM !== undefined && settings.KAFKA_SASL_PASSWORD === undefined,
  },
  {
    variable: 'KAFKA_SASL_MECHANISM',
    message: 'is missing, a SASL user or password alone does nothing',
    broken: (settings) =>
      settings.KAFKA_SASL_MECHANISM === undefined &&
      (settings.KAFKA_SASL_USERNAME !== undefined || settings.KAFKA_SASL_PASSWORD !== undefined),
  },
];

/**
 * What is wrong with the variables together.
 *
 * @param settings without the variables that could not be read
 * @param unreadable those; rules about them say nothing more
 */
export function brokenRules(
  mode: Mode,
  settings: Partial<Settings>,
  unreadable: ReadonlySet<string>,
): readonly Problem[] {
  return rules
    .filter((rule) => (rule.mode ?? mode) === mode && !unreadable.has(rule.variable) && rule.broken(settings))
    .map(({ variable, message }) => ({ variable, message }));
}
