import { schemaVersions } from '../../contract/events/index.js';
import { nearest } from '../framework/nearest.js';
import { UsageError } from '../framework/usage-error.js';

const known = Object.keys(schemaVersions);

/**
 * The event types that words mean: a type, or `client.*` for a whole family.
 *
 * @throws UsageError for a word that means none
 */
export function eventTypes(words: readonly string[]): readonly string[] {
  return words.flatMap((word) => {
    const types = word.endsWith('.*')
      ? known.filter((type) => type.startsWith(word.slice(0, -1)))
      : known.filter((type) => type === word);
    if (types.length > 0) return types;
    const near = nearest(word, known);
    const hint = near === undefined ? `Types are ${known.join(', ')}.` : `Did you mean ${near}?`;
    throw new UsageError(
      `There are no events of type ${JSON.stringify(word)}. ${hint}`,
      'clientele events tail --help',
    );
  });
}
