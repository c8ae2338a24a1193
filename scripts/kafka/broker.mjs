// A real Apache Kafka broker as a plain Java process, for development and tests.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BrokerUnavailable } from './broker-unavailable.mjs';
import { resolveJars, run } from './jars.mjs';
import { freePorts, isFree } from './ports.mjs';
import { metadataAnswered } from './readiness.mjs';
import { serverProperties } from './server-properties.mjs';

const LOGGING = fileURLToPath(new URL('log4j2.properties', import.meta.url));
const QUIET_JVM = [
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Xshare:auto',
  `-Dlog4j2.configurationFile=${LOGGING}`,
];
/** Between asking for a free port and binding it another process may take it. */
const PORT_ATTEMPTS = 3;
const STOP_PATIENCE_MILLISECONDS = 15_000;

/**
 * Starts a single-node broker on 127.0.0.1 and waits until it answers. Its topics are never created by mere use.
 *
 * @param {import('./broker.mjs').KafkaBrokerOptions} [options]
 * @returns {Promise<import('./broker.mjs').KafkaBroker>}
 * @throws {BrokerUnavailable} when it cannot run here; the message says what to do
 */
export async function startKafkaBroker(options = {}) {
  if (options.port !== undefined && !(await isFree(options.port))) {
    throw new BrokerUnavailable(
      `Port ${options.port} is taken: if a broker runs there already, use it (KAFKA_BROKERS=127.0.0.1:${options.port}), otherwise stop what holds it.`,
    );
  }
  const jars = await resolveJars();
  const directory = options.dataDirectory ?? (await mkdtemp(join(tmpdir(), 'clientele-kafka-')));
  const node = new KafkaNode(jars, directory, options.dataDirectory === undefined);
  try {
    for (let attempt = 1; ; attempt += 1) {
      const [free, controllerPort] = await freePorts(2);
      await node.configure({ port: options.port ?? free, controllerPort, properties: options.properties });
      try {
        await node.start();
        return node;
      } catch (error) {
        if (options.port !== undefined || attempt === PORT_ATTEMPTS || !/bind/i.test(String(error)))
          throw error;
      }
    }
  } catch (error) {
    await node.stop();
    throw error;
  }
}

/** @implements {import('./broker.mjs').KafkaBroker} */
class KafkaNode {
  #jars;
  #directory;
  #temporary;
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #process;
  #complaints = '';
  #clusterId = '';
  brokers = '';

  constructor(jars, directory, temporary) {
    this.#jars = jars;
    this.#directory = directory;
    this.#temporary = temporary;
    process.once('exit', this.#abandon);
  }

  async configure({ port, controllerPort, properties }) {
    const logDirectory = join(this.#directory, 'log');
    const identity = join(logDirectory, 'meta.properties');
    const file = this.#propertiesFile();
    await mkdir(this.#directory, { recursive: true });
    await writeFile(file, serverProperties({ port, controllerPort, logDirectory, properties }));
    if (!existsSync(identity)) {
      const format = ['kafka.tools.StorageTool', 'format', '--cluster-id', newClusterId(), '--config', file];
      const { code, output } = await run('java', this.#javaArguments('-Xmx128m', format));
      if (code !== 0)
        throw new BrokerUnavailable(`Apache Kafka could not format ${logDirectory}: ${output.trim()}`);
    }
    this.#clusterId = /^cluster\.id=(.+)$/m.exec(await readFile(identity, 'utf8'))?.[1] ?? '';
    this.brokers = `127.0.0.1:${port}`;
  }

  async start() {
    const args = this.#javaArguments('-Xmx384m', ['kafka.Kafka', this.#propertiesFile()]);
    const child = spawn('java', args, { cwd: this.#directory, stdio: ['ignore', 'ignore', 'pipe'] });
    this.#process = child;
    this.#complaints = '';
    child.stderr.on('data', (chunk) => {
      this.#complaints = (this.#complaints + chunk.toString()).slice(-4000);
    });
    child.once('exit', () => {
      if (this.#process === child) this.#process = undefined;
    });
    await metadataAnswered(this.brokers, this.#clusterId, () => {
      if (this.#process !== child)
        throw new BrokerUnavailable(`Apache Kafka ended while starting: ${this.#complaints.trim()}`);
    });
  }

  async stop() {
    process.removeListener('exit', this.#abandon);
    await this.#end('SIGTERM');
    if (this.#temporary) await rm(this.#directory, { recursive: true, force: true });
  }

  async kill() {
    await this.#end('SIGKILL');
  }

  async restart() {
    await this.#end('SIGTERM');
    await this.start();
  }

  pause() {
    this.#process?.kill('SIGSTOP');
  }

  resume() {
    this.#process?.kill('SIGCONT');
  }

  /** @param {NodeJS.Signals} signal */
  async #end(signal) {
    const child = this.#process;
    if (child === undefined) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGCONT');
    child.kill(signal);
    const patience = new AbortController();
    const impatient = delay(STOP_PATIENCE_MILLISECONDS, undefined, { signal: patience.signal })
      .then(() => child.kill('SIGKILL'))
      .catch(() => undefined);
    await ended;
    patience.abort();
    await impatient;
  }

  /** The last resort when this process ends without having stopped its broker: nothing may stay behind. */
  #abandon = () => {
    this.#process?.kill('SIGKILL');
    if (this.#temporary) rmSync(this.#directory, { recursive: true, force: true });
  };

  #propertiesFile() {
    return join(this.#directory, 'server.properties');
  }

  #javaArguments(heap, command) {
    return [heap, ...QUIET_JVM, '-cp', join(this.#jars, '*'), ...command];
  }
}

/** Kafka's text form of a UUID; one that begins with a dash would be read as an option. */
function newClusterId() {
  for (;;) {
    const id = randomBytes(16).toString('base64url');
    if (!id.startsWith('-')) return id;
  }
}
