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
  return { output: createOutput(stream('out'), stream('err'), colour), written };
}

describe('progress', () => {
  it('is a line of its own where nobody watches', () => {
    const { output, written } = captured(false);
    output.progress('1 of 2');
    output.progress('2 of 2');
    output.print('done');
    expect(written).toEqual(['err:1 of 2\n', 'err:2 of 2\n', 'out:done\n']);
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
