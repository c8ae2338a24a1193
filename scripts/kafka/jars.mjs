// Resolves the broker's jars once per version of pom.xml into scripts/kafka/target/, which git ignores.
import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { BrokerUnavailable } from './broker-unavailable.mjs';

const POM = fileURLToPath(new URL('pom.xml', import.meta.url));
const TARGET = fileURLToPath(new URL('target/', import.meta.url));
const OTHERWISE = 'or point KAFKA_BROKERS=host:port at a broker that already runs';

/**
 * The folder with the broker's jars. Parallel callers may each download; the first to finish wins, since a folder is
 * moved into its place in one step and only when complete.
 *
 * @returns {Promise<string>} an absolute path
 * @throws {BrokerUnavailable} when java or mvn is missing, or the download fails
 */
export async function resolveJars() {
  await requireCommand(
    'java',
    ['-version'],
    'a Java runtime (17 or newer, e.g. `apt-get install openjdk-17-jre-headless`)',
  );
  const version = createHash('sha256')
    .update(await readFile(POM))
    .digest('hex')
    .slice(0, 12);
  const jars = `${TARGET}jars-${version}`;
  if (existsSync(jars)) return jars;

  await requireCommand(
    'mvn',
    ['--version'],
    'Maven, which downloads the broker once (e.g. `apt-get install maven`)',
  );
  const unfinished = `${TARGET}unfinished-${randomUUID()}`;
  await mkdir(TARGET, { recursive: true });
  try {
    await download(unfinished);
    await rename(unfinished, jars);
  } catch (error) {
    if (!existsSync(jars)) throw error;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return jars;
}

/** @param {string} directory */
async function download(directory) {
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${directory}`];
  const { code, output } = await run('mvn', ['--batch-mode', '--quiet', '--file', POM, ...goal]);
  if (code === 0) return;
  const reason = output.split('\n').find((line) => line.includes('[ERROR]')) ?? `mvn ended with code ${code}`;
  throw new BrokerUnavailable(
    `Maven could not download Apache Kafka (${reason.replace(/^.*\[ERROR\]\s*/, '').trim()}): try again, ${OTHERWISE}.`,
  );
}

/**
 * @param {string} command
 * @param {string[]} probe arguments that make the command answer and end
 * @param {string} description what it is and how to get it
 */
async function requireCommand(command, probe, description) {
  const { code } = await run(command, probe);
  if (code === 0) return;
  throw new BrokerUnavailable(
    `The Apache Kafka broker of development and tests needs \`${command}\`, which does not run here: install ${description}, ${OTHERWISE}.`,
  );
}

/**
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<{ code: number | null, output: string }>} code null when the command could not be started
 */
export function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (/** @type {Buffer} */ chunk) => (output += chunk.toString());
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', () => resolve({ code: null, output }));
    child.once('close', (code) => resolve({ code, output }));
  });
}
