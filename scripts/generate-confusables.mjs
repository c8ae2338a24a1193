// Writes policies/confusables/data.json: the characters that people read as a letter or digit of ASCII, each with that
// letter in lower case. By hand, after Unicode TR39, the letters of other alphabets that look the same; by rule every
// character that Unicode itself calls another form of an ASCII letter (fullwidth, mathematical, circled …). And which of the
// alphabets with such letters a letter belongs to.
//
//   node scripts/generate-confusables.mjs
import { writeFileSync } from 'node:fs';

const LOOK_ALIKE = {
  a: 'аАӕαΑɑᴀꓮᎪ',
  b: 'вВЬьΒƅʙᏴꓐ',
  c: 'сСϲϹᴄꓚᏟ',
  d: 'ԁԀᴅᎠꓓđ',
  e: 'еЕєεΕᴇҽꓰᎬ',
  f: 'ꓝƒ',
  g: 'ԍցɡɢᏀꓖ',
  h: 'һНнհΗʜᎻꓧħ',
  i: 'іІιΙıɩɪᎥꓲ',
  j: 'јЈϳյᴊᎫꓙ',
  k: 'кКκΚᴋᏦꓗ',
  l: 'ӏӀʟᏞꓡłǀ',
  m: 'мМΜᴍᎷꓟ',
  n: 'пΝηոռɴꓠ',
  o: 'оОοΟσօՕᴏꓳø',
  p: 'рРρΡϱᴘᏢꓑ',
  q: 'ԛԚզգ',
  r: 'гᴦʀᏒꓣ',
  s: 'ѕЅꜱᏚꓢ',
  t: 'тТτΤᴛᎢꓔŧ',
  u: 'υսՍᴜꓴμ',
  v: 'ѵѴνᴠᏙꓦ',
  w: 'ԝԜωաᴡᎳꓪ',
  x: 'хХχΧꓫ',
  y: 'уУүҮγΥʏᎽꓬ',
  z: 'ζΖᴢᏃꓜ',
  3: 'зЗ',
  6: 'б',
};

/** The first of 26 capital letters in a box, a disc, or as half a flag: to Unicode they are symbols. */
const ALPHABETS_OF_SYMBOLS = [0x1f150, 0x1f170, 0x1f1e6];

const letters = new Map();
for (const [letter, characters] of Object.entries(LOOK_ALIKE)) {
  for (const character of characters) letters.set(character, letter);
}
for (let point = 0x80; point <= 0x10ffff; point++) {
  const character = String.fromCodePoint(point);
  const plain = character.normalize('NFKC').toLowerCase();
  if (/^[a-z0-9]{1,2}$/.test(plain) && !letters.has(character)) letters.set(character, plain);
}
for (const first of ALPHABETS_OF_SYMBOLS) {
  for (let index = 0; index < 26; index++) {
    letters.set(String.fromCodePoint(first + index), String.fromCharCode(0x61 + index));
  }
}

/** Alphabets of which one can pass for another; the letters of their main blocks. */
const SCRIPTS = ['Latin', 'Greek', 'Cyrillic', 'Armenian', 'Cherokee', 'Coptic', 'Lisu'];
const MAIN_BLOCKS =
  /[A-Za-z\u00c0-\u058f\u13a0-\u13ff\u1c80-\u1c8f\u1e00-\u1fff\u2c80-\u2cff\ua4d0-\ua4ff\ua640-\ua69f\uab70-\uabbf]/u;

const scripts = new Map();
for (const script of SCRIPTS) {
  const belongs = new RegExp(`^\\p{Script=${script}}$`, 'u');
  for (let point = 0x41; point <= 0xffff; point++) {
    const character = String.fromCharCode(point);
    if (MAIN_BLOCKS.test(character) && /\p{L}/u.test(character) && belongs.test(character)) {
      scripts.set(character, script);
    }
  }
}

const file = new URL('../policies/confusables/data.json', import.meta.url);
writeFileSync(file, `{\n  "letters": ${grouped(letters)},\n  "scripts": ${grouped(scripts)}\n}\n`);
process.stdout.write(
  `policies/confusables/data.json: ${letters.size} look-alikes, ${scripts.size} letters\n`,
);

/** A JSON object with one line for each value. */
function grouped(map) {
  const lines = new Map();
  for (const [key, value] of map) {
    lines.set(value, [...(lines.get(value) ?? []), `${JSON.stringify(key)}: "${value}"`]);
  }
  const rows = [...lines.keys()].sort().map((value) => `    ${lines.get(value).sort().join(', ')}`);
  return `{\n${rows.join(',\n')}\n  }`;
}
