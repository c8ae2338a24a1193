import { describe, expect, it } from 'vitest';
import { defineCommand } from './command.js';
import { nearest } from './nearest.js';
import { parseOptions } from './parse-options.js';

const command = defineCommand({
  name: 'try',
  summary: 'try',
  description: 'Tries.',
  options: {
    json: { kind: 'flag', help: 'json' },
    realm: { kind: 'text', value: 'NAME', default: 'default', help: 'a realm' },
    type: { kind: 'texts', value: 'NAME', help: 'types' },
    after: { kind: 'count', value: 'POSITION', help: 'a position' },
    format: { kind: 'choice', choices: ['jsonl', 'cloudevents'], default: 'jsonl', help: 'a format' },
  },
  examples: [],
  environment: [],
  exits: {},
  run: async () => 0,
});

describe('options', () => {
  it('have a value each, whether given or not', () => {
    expect(parseOptions(command, [])).toEqual({
      json: false,
      realm: 'default',
      type: [],
      after: undefined,
      format: 'jsonl',
    });
    expect(
      parseOptions(command, [
        '--json',
        '--realm=r',
        '--type',
        'a',
        '--type',
        'b',
        '--after',
        '7',
        '--format',
        'cloudevents',
      ]),
    ).toEqual({ json: true, realm: 'r', type: ['a', 'b'], after: 7, format: 'cloudevents' });
  });

  it('are help as soon as one asks for it', () => {
    expect(parseOptions(command, ['--nonsense', '--help'])).toBe('help');
    expect(parseOptions(command, ['-h'])).toBe('help');
  });

  it.each([
    [['--jsn'], /no option --jsn for clientele try\. Did you mean --json\?/],
    [['--completely-else'], /no option --completely-else for clientele try\.$/],
    [['-j'], /no option -j/],
    [['--no-json'], /no option --no-json/],
    [['--after', 'x'], /--after must be a whole number, not "x"/],
    [['--after', '1e3'], /--after must be a whole number/],
    [['--after'], /--after/],
    [['--format', 'xml'], /--format must be jsonl or cloudevents, not "xml"/],
    [['--json=1'], /--json/],
    [['--realm', ''], /--realm must not be empty/],
    [['word'], /takes options only, not "word"/],
  ])('%j are refused with a reason and where to look', (args, message) => {
    expect(() => parseOptions(command, args)).toThrow(message);
    expect(() => parseOptions(command, args)).toThrow(
      expect.objectContaining({ help: 'clientele try --help' }),
    );
  });
});

describe('the nearest word', () => {
  it.each([
    ['migrat', 'migrate'],
    ['docter', 'doctor'],
    ['event tail', 'events tail'],
    ['x', undefined],
    ['restore', undefined],
  ])('to %s is %s', (word, expected) => {
    expect(nearest(word, ['migrate', 'doctor', 'events tail'])).toBe(expected);
  });
});
