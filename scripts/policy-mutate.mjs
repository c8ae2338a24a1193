// Breaks every condition of the shipped policy once, and sees whether the policy's own tests notice.
//
//   node scripts/policy-mutate.mjs [--only PART-OF-A-FILE-NAME]
//
// Each expression of each rule is replaced by one that always holds, by one that never does, and its comparison by the
// opposite. What no longer compiles is left out. Ends with status 1 when a change goes unnoticed.
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BESIDE_THE_POLICY, POLICIES, fail, opa, pinnedOpa } from './policy-opa.mjs';

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });
const notRego = BESIDE_THE_POLICY.filter((name) => name !== 'cases').flatMap((name) => ['--ignore', name]);

/** What `opa test` ends with says what became of the tests. */
const BY_EXIT_CODE = { 0: 'unnoticed', 1: 'does not compile', 2: 'noticed' };

const OPPOSITES = [
  [/ == /, ' != '],
  [/ != /, ' == '],
  [/ > /, ' >= '],
  [/ >= /, ' > '],
  [/ < /, ' <= '],
];

/**
 * @typedef {object} Mutant
 * @property {string} file relative to the policies
 * @property {number} line
 * @property {string} was
 * @property {string} becomes
 * @property {string} source of the whole changed file
 */

const files = readdirSync(join(POLICIES, 'admission'), { recursive: true })
  .map((name) => join('admission', name))
  .filter((name) => name.endsWith('.rego') && !name.endsWith('_test.rego') && name.includes(values.only))
  .sort();
const mutants = files.flatMap(mutantsOf);
const outcomes = await judgeAll(mutants);
report(outcomes);

/** @returns {Mutant[]} */
function mutantsOf(file) {
  const source = readFileSync(join(POLICIES, file), 'utf8');
  const lines = source.split('\n');
  const starts = lines.reduce((all, line) => [...all, all.at(-1) + Buffer.byteLength(line) + 1], [0]);
  const syntax = JSON.parse(
    opa(['parse', '--format', 'json', '--json-include', 'locations', file], POLICIES),
  );
  const seen = new Set();
  return expressionsIn(syntax.rules).flatMap(({ location: { row, col, text } }) => {
    const was = Buffer.from(text, 'base64').toString('utf8');
    const from = starts[row - 1] + Buffer.byteLength(lines[row - 1].slice(0, col - 1));
    const bytes = Buffer.from(source);
    if (bytes.subarray(from, from + Buffer.byteLength(was)).toString('utf8') !== was) return [];
    return replacementsFor(was).flatMap((becomes) => {
      const id = `${from} ${was} ${becomes}`;
      if (seen.has(id)) return [];
      seen.add(id);
      const changed = Buffer.concat([
        bytes.subarray(0, from),
        Buffer.from(becomes),
        bytes.subarray(from + Buffer.byteLength(was)),
      ]);
      return [{ file, line: row, was, becomes, source: changed.toString('utf8') }];
    });
  });
}

/** Every expression of rule bodies, comprehensions and `every`; what is part of a head or a term is none. */
function expressionsIn(node) {
  if (Array.isArray(node)) return node.flatMap(expressionsIn);
  if (node === null || typeof node !== 'object') return [];
  const own = 'terms' in node && 'index' in node && node.location?.text ? [node] : [];
  return [...own, ...Object.values(node).flatMap(expressionsIn)];
}

function replacementsFor(expression) {
  if (expression === 'true' || expression === 'false' || isDeclaration(expression)) return [];
  const opposites = OPPOSITES.filter(([sign]) => sign.test(expression)).map(([sign, other]) =>
    expression.replace(sign, other),
  );
  return ['true', 'false', ...opposites];
}

/** `some x` alone only names a variable. */
function isDeclaration(expression) {
  return expression.startsWith('some ') && !expression.includes(' in ');
}

/** @returns {Promise<(Mutant & {outcome: 'noticed' | 'unnoticed' | 'does not compile'})[]>} in the order of the mutants */
async function judgeAll(all) {
  const results = Array.from({ length: all.length });
  const queue = all.entries();
  let done = 0;
  const worker = async () => {
    const folder = mkdtempSync(join(tmpdir(), 'policy-mutant-'));
    try {
      cpSync(POLICIES, folder, { recursive: true });
      for (const [index, mutant] of queue) {
        const path = join(folder, mutant.file);
        const original = readFileSync(path);
        writeFileSync(path, mutant.source);
        results[index] = { ...mutant, outcome: await judge(folder) };
        writeFileSync(path, original);
        done += 1;
        if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${all.length}`);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  return results;
}

/** Runs the tests of the policy in a folder. */
function judge(folder) {
  return new Promise((resolve, reject) => {
    const child = spawn(pinnedOpa(), ['test', '--timeout', '60s', ...notRego, '.'], {
      cwd: folder,
      stdio: 'ignore',
    });
    child.once('error', reject);
    child.once('exit', (code) =>
      resolve(BY_EXIT_CODE[code] ?? reject(new Error(`opa test ended with ${code}`))),
    );
  });
}

function report(all) {
  const count = (outcome) => all.filter((each) => each.outcome === outcome).length;
  const unnoticed = all.filter(({ outcome }) => outcome === 'unnoticed');
  for (const { file, line, was, becomes } of unnoticed)
    process.stdout.write(`unnoticed  ${file}:${line}  ${oneLine(was)}  =>  ${oneLine(becomes)}\n`);
  process.stdout.write(
    `${count('noticed')} changes noticed, ${unnoticed.length} unnoticed, ${count('does not compile')} did not compile\n`,
  );
  if (unnoticed.length > 0) fail('the tests of the policy let these changes pass');
}

function oneLine(text) {
  return text.replaceAll(/\s+/g, ' ');
}
