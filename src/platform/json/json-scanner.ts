import { shownName, type JsonFault, type JsonFaultKind, type JsonLimits } from './json-fault.js';
import { scanString } from './json-string-scanner.js';

/**
 * Names that reach an object's prototype when somebody copies carelessly (threat V2), and the mark of a sealed field, which
 * only this service may set: a forged one would be opened for its sender.
 */
const FORBIDDEN_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype', '$sealed']);

/** What the grammar (RFC 8259) allows next. */
type Expectation = 'value' | 'value_or_end' | 'name' | 'name_or_end' | 'colon' | 'comma_or_end' | 'nothing';

const LITERAL = /true|false|null/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;

/** What to tell about the faults that need no further words. */
const DESCRIPTIONS: Readonly<Partial<Record<JsonFaultKind, string>>> = {
  malformed: 'the body is not valid JSON',
  control_character: 'a string contains a control character',
  lone_surrogate: 'a string contains half of a surrogate pair',
  number_out_of_range: 'a number is beyond what every JSON reader represents exactly',
};

/**
 * Walks over a JSON text once, front to back, building nothing and without recursion: time is linear in the length, memory
 * in the member names. What it lets through, JSON.parse accepts and represents faithfully. For one use.
 */
export class JsonScanner {
  /** One character per byte, so that offsets stay offsets; all that the grammar looks at is ASCII. */
  readonly #text: string;
  #at = 0;
  #expected: Expectation = 'value';
  #members = 0;
  /** The open containers, outermost first: the names so far of an object, null for an array. */
  readonly #open: (Set<string> | null)[] = [];

  /**
   * @param bytes the body, valid UTF-8
   * @param limits of depth and members; that of bytes is the caller's
   */
  constructor(
    private readonly bytes: Buffer,
    private readonly limits: JsonLimits,
  ) {
    this.#text = bytes.toString('latin1');
  }

  /** The first thing that is wrong, or null. */
  scan(): JsonFault | null {
    for (;;) {
      while (isWhitespace(this.bytes[this.#at])) this.#at++;
      if (this.#at >= this.bytes.length) break;
      const fault = this.#token(this.#text.charAt(this.#at));
      if (fault !== null) return fault;
    }
    return this.#expected === 'nothing' ? null : this.#fault('malformed');
  }

  #token(first: string): JsonFault | null {
    switch (this.#expected) {
      case 'nothing':
        return this.#fault('malformed');
      case 'colon':
        return first === ':' ? this.#advance('value') : this.#fault('malformed');
      case 'comma_or_end':
        if (first === ',') return this.#advance(this.#open.at(-1) === null ? 'value' : 'name');
        return this.#close(first);
      case 'name_or_end':
        return first === '"' ? this.#name() : this.#close(first);
      case 'name':
        return first === '"' ? this.#name() : this.#fault('malformed');
      case 'value_or_end':
        return first === ']' ? this.#close(first) : this.#value(first);
      default:
        return this.#value(first);
    }
  }

  #value(first: string): JsonFault | null {
    if (first === '{') return this.#enter(new Set(), 'name_or_end');
    if (first === '[') return this.#enter(null, 'value_or_end');
    if (first === '"') {
      const scan = scanString(this.bytes, this.#at);
      if (!scan.ok) return this.#fault(scan.kind, scan.offset);
      return this.#completeValue(scan.end);
    }
    if (first === 't' || first === 'f' || first === 'n') {
      const literal = this.#match(LITERAL);
      return literal === null ? this.#fault('malformed') : this.#completeValue(this.#at + literal.length);
    }
    const number = this.#match(NUMBER);
    if (number === null) return this.#fault('malformed');
    return isExact(Number(number))
      ? this.#completeValue(this.#at + number.length)
      : this.#fault('number_out_of_range');
  }

  #enter(names: Set<string> | null, expected: Expectation): JsonFault | null {
    if (this.#open.length >= this.limits.depth) {
      return this.#fault(
        'too_deep',
        this.#at,
        `objects and arrays are nested deeper than ${this.limits.depth}`,
      );
    }
    this.#open.push(names);
    return this.#advance(expected);
  }

  #close(bracket: string): JsonFault | null {
    const container = this.#open.at(-1);
    if (container === undefined || bracket !== (container === null ? ']' : '}'))
      return this.#fault('malformed');
    this.#open.pop();
    return this.#completeValue(this.#at + 1);
  }

  #name(): JsonFault | null {
    const start = this.#at;
    const scan = scanString(this.bytes, start);
    if (!scan.ok) return this.#fault(scan.kind, scan.offset);
    if (++this.#members > this.limits.members) {
      return this.#fault('too_many_members', start, `the body has more than ${this.limits.members} members`);
    }
    const token = this.bytes.toString('utf8', start, scan.end);
    // Names are compared as readers will see them: "a" and "\u0061" are one name (RFC 8259 section 8.3).
    const name = scan.escaped ? (JSON.parse(token) as string) : token.slice(1, -1);
    if (FORBIDDEN_NAMES.has(name))
      return this.#fault('forbidden_member', start, `${shownName(name)} is not allowed`);
    const names = this.#open.at(-1);
    if (names?.has(name)) {
      const where = this.#open.length === 1 ? 'at the top level' : 'in one object';
      return this.#fault('duplicate_member', start, `${shownName(name)} appears twice ${where}`);
    }
    names?.add(name);
    this.#at = scan.end;
    this.#expected = 'colon';
    return null;
  }

  #advance(expected: Expectation): null {
    this.#at++;
    this.#expected = expected;
    return null;
  }

  #completeValue(end: number): null {
    this.#at = end;
    this.#expected = this.#open.length === 0 ? 'nothing' : 'comma_or_end';
    return null;
  }

  #match(sticky: RegExp): string | null {
    sticky.lastIndex = this.#at;
    return sticky.exec(this.#text)?.[0] ?? null;
  }

  #fault(kind: JsonFaultKind, offset = this.#at, description = DESCRIPTIONS[kind] ?? kind): JsonFault {
    return { kind, offset, description: `${description} (byte ${offset})` };
  }
}

/** Space, line feed, carriage return or tab (RFC 8259 section 2). */
function isWhitespace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Integers up to 2^53 - 1 and finite fractions mean the same to every reader (RFC 8259 section 6). */
function isExact(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}
