import { describe, expect, it } from 'vitest';
import { displayText, longerThan, opaqueText } from './text.js';

const name = (text: string) => displayText(text, 256);
const faultOf = (text: string) => {
  const check = name(text);
  return check.ok ? null : check.fault;
};

describe('texts that people are shown', () => {
  it.each([
    'Claude Code (weather)',
    'Café',
    '天気',
    'Пример',
    'שלום',
    'หมายเหตุ',
    '❤️ notes',
    '👍🏽',
    'A & B <x>',
  ])('takes %s as it is', (text) => {
    expect(name(text)).toEqual({ ok: true, text });
  });

  it('C2 stores the composed form, without surrounding white space', () => {
    expect(name('  Cafe\u0301 ')).toEqual({ ok: true, text: 'Caf\u00e9' });
  });

  it.each([
    ['a line feed', 'Claude\nCode'],
    ['a right-to-left override', 'Claude\u202edoc.exe'],
    ['a directional isolate', 'Claude\u2066x'],
    ['a zero-width space', 'Cla\u200bude'],
    ['a zero-width joiner', 'Cla\u200dude'],
    ['a byte order mark', '\ufeffClaude'],
    ['a soft hyphen', 'Cla\u00adude'],
    ['a tag character', 'Claude\u{e0041}'],
    ['a line separator', 'Claude\u2028x'],
    ['a private-use character', 'Claude\ue000'],
    ['an unassigned code point', 'Claude\u{e0fff}'],
    ['a lone surrogate', 'Claude\ud800'],
    ['a Hangul filler', 'Claude\u3164'],
    ['a blank Braille pattern', 'Claude\u2800'],
    ['a combining grapheme joiner', 'Cla\u034fude'],
    ['an ideographic variation selector', '葛\u{e0100}'],
  ])('C2 refuses %s', (_, text) => {
    expect(faultOf(text)).toBe('text_unprintable');
  });

  it('C2 refuses every code point of the categories that show nothing', () => {
    const accepted: string[] = [];
    for (let point = 0; point <= 0x10_ffff; point++) {
      const character = String.fromCodePoint(point);
      if (
        /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cn}\p{Co}\p{Cs}]/u.test(character) &&
        faultOf(`a${character}b`) === null
      ) {
        accepted.push(point.toString(16));
      }
    }
    expect(accepted).toEqual([]);
  });

  it('refuses nothing but white space', () => {
    expect(faultOf(' \u3000\u00a0 ')).toBe('text_blank');
  });

  it('R-12 counts code points up to 256', () => {
    const marks = 'e' + '\u0316'.repeat(3);
    expect(faultOf(marks.repeat(64))).toBeNull();
    expect(faultOf(`${marks.repeat(64)}\u0316`)).toBe('too_long');
  });

  it('R-12 counts what people see as a character up to 80', () => {
    expect(faultOf('a'.repeat(80))).toBeNull();
    expect(faultOf('a'.repeat(81))).toBe('too_long');
    expect(faultOf('😀'.repeat(80))).toBeNull();
    expect(faultOf('😀'.repeat(81))).toBe('too_long');
    expect(faultOf('👍🏽'.repeat(80))).toBeNull();
  });
});

describe('texts that are kept as sent', () => {
  it('alters nothing', () => {
    expect(opaqueText(' Cafe\u0301 ', 2048)).toEqual({ ok: true, text: ' Cafe\u0301 ' });
  });

  it('refuses control characters, blanks and more than the limit', () => {
    expect(opaqueText('a\u0007', 2048)).toEqual({ ok: false, fault: 'text_unprintable' });
    expect(opaqueText('  ', 2048)).toEqual({ ok: false, fault: 'text_blank' });
    expect(opaqueText('a'.repeat(2049), 2048)).toEqual({ ok: false, fault: 'too_long' });
  });
});

describe('lengths', () => {
  it('are in code points', () => {
    expect(longerThan('😀😀', 2)).toBe(false);
    expect(longerThan('😀😀a', 2)).toBe(true);
    expect(longerThan('', 0)).toBe(false);
  });
});
