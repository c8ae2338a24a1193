// Runs schemathesis over the service's own OpenAPI document: generated requests, valid and not, against a service that is
// started for it. Fails on a 5xx and on any answer that the document does not describe. The seed is fixed; SEED and
// MAX_EXAMPLES change the run. It builds what it needs.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startService } from './demo/service.mjs';
import { pythonWith } from './python/environment.mjs';

const SEED = process.env.SEED ?? '7591';
const MAX_EXAMPLES = process.env.MAX_EXAMPLES ?? '60';
const RUN_LIMIT_MS = 300_000;
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
];

/** A run in which one of them only ever fails has not tried much. */
const MUST_SUCCEED = [
  'POST /register',
  'GET /register/{client_id}',
  'PUT /register/{client_id}',
  'DELETE /register/{client_id}',
];

const folder = mkdtempSync(path.join(tmpdir(), 'clientele-schemathesis-'));
const answersFile = path.join(folder, 'answers.json');
let service;
try {
  const python = pythonWith('requirements-schemathesis.txt');
  service = await startService({ dataDirectory: path.join(folder, 'data'), brokers: '' });
  const token = await initialAccessToken(service);
  const code = await run(
    python,
    [
      ['-m', 'schemathesis.cli', 'run', `${service.url}/openapi/registration.json`, '--url', service.url],
      ['--checks', CHECKS.join(','), '--seed', SEED, '--max-examples', MAX_EXAMPLES],
      ['--phases', 'examples,coverage,fuzzing', '--mode', 'all', '--workers', '1', '--no-color'],
      ['--suppress-health-check', 'all', '--request-timeout', '10', '--warnings', 'off'],
    ].flat(),
    token,
  );
  const answers = JSON.parse(readFileSync(answersFile, 'utf8'));
  for (const [operation, statuses] of Object.entries(answers)) console.log(operation, statuses);
  if (code !== 0) throw new Error(`schemathesis ended with ${code}; the seed was ${SEED}`);
  const idle = MUST_SUCCEED.filter(
    (name) => !Object.keys(answers[name] ?? {}).some((status) => status < 300),
  );
  if (idle.length > 0) throw new Error(`no request succeeded at ${idle.join(', ')}: too little was tried`);
} catch (error) {
  console.error(`schemathesis: ${error.message}`);
  process.exitCode = 1;
} finally {
  await service?.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function initialAccessToken({ url, adminToken }) {
  const response = await fetch(`${url}/admin/v1/initial-access-tokens`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${adminToken}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ reason: 'generated requests', max_uses: null }),
  });
  const { token } = await response.json();
  return token;
}

function run(program, words, token) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: RUN_LIMIT_MS,
      env: {
        ...process.env,
        SCHEMATHESIS_HOOKS: 'schemathesis_hooks',
        PYTHONPATH: fileURLToPath(new URL('python', import.meta.url)),
        PYTHONDONTWRITEBYTECODE: '1',
        SCHEMATHESIS_INITIAL_ACCESS_TOKEN: token,
        SCHEMATHESIS_ANSWERS: answersFile,
      },
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(signal ?? code));
  });
}
