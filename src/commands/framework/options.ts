interface Described {
  /** What it does: part of a sentence, without a full stop. */
  readonly help: string;
}

/** `--json`: present or not. */
interface Flag extends Described {
  readonly kind: 'flag';
}

/** `--realm NAME`. */
interface Text extends Described {
  readonly kind: 'text';
  /** Name of its value in the help, e.g. `NAME`. */
  readonly value: string;
  readonly default?: string;
}

/** `--type NAME`, any number of times. */
interface Texts extends Described {
  readonly kind: 'texts';
  readonly value: string;
}

/** `--after 12`: a whole number, 0 or more. */
interface Count extends Described {
  readonly kind: 'count';
  readonly value: string;
  readonly default?: number;
}

/** `--format jsonl`: one of a few words. */
interface Choice extends Described {
  readonly kind: 'choice';
  readonly choices: readonly [string, ...string[]];
  readonly default: string;
}

export type Option = Flag | Text | Texts | Count | Choice;

/** The options of a command by name, without dashes. */
export type OptionTable = Readonly<Record<string, Option>>;

type ValueOf<Each extends Option> = Each extends Flag
  ? boolean
  : Each extends Texts
    ? readonly string[]
    : Each extends Choice
      ? Each['choices'][number]
      : Each extends Count
        ? Each extends { readonly default: number }
          ? number
          : number | undefined
        : Each extends { readonly default: string }
          ? string
          : string | undefined;

/** What a command gets: a value for every option of its table. */
export type OptionValues<Table extends OptionTable> = {
  readonly [Name in keyof Table]: ValueOf<Table[Name]>;
};
