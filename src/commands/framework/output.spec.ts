import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createOutput } from './output.js';

function captured(isTTY: boolean, colour = false) {
  const written: string[] = [];
  const stream = (name: string) => ({
    isTTY,
    write(text: string, done?: () => void) {
      written.push(`${name}:${text}`);
      done?.();
    },
  });
  const clock = { now: 0 };
  return { output: createOutput(stream('out'), stream('err'), colour, () => clock.now), written, clock };
}

describe('progress', () => {
  it('is a line of its own where nobody watches, and not more than one a second', () => {
    const { output, written, clock } = captured(false);
    output.progress('1 of 4');
    clock.now = 999;
    output.progress('2 of 4');
    clock.now = 1_000;
    output.progress('3 of 4');
    output.note('a note');
    output.print('done');
    expect(written).toEqual(['err:1 of 4\n', 'err:3 of 4\n', 'err:a note\n', 'out:done\n']);
  });

  it('replaces itself on a terminal and is gone when the result comes', () => {
    const { output, written } = captured(true);
    output.progress('1 of 2');
    output.progress('2 of 2');
    output.print('done');
    expect(written).toEqual(['err:1 of 2', 'err:\r\u001B[K', 'err:2 of 2', 'err:\r\u001B[K', 'out:done\n']);
  });
});

describe('paint', () => {
  it('is only there when colours are wanted', () => {
    const { paint } = captured(true, true).output;
    expect(paint.red('x')).not.toBe('x');
    expect(stripVTControlCharacters(paint.bold('x'))).toBe('x');
    expect(captured(true).output.paint.red('x')).toBe('x');
  });
});
