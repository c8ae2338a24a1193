// Registers every body of test/fixtures/dcr with the transport and the model of the official MCP Python SDK, against a
// service that is started for it. Fails when the SDK cannot read one of the answers.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startService } from './demo/service.mjs';
import { pythonWith } from './python/environment.mjs';

const fixtures = fileURLToPath(new URL('../test/fixtures/dcr/', import.meta.url));
const program = fileURLToPath(new URL('python/register_with_sdk.py', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'clientele-python-sdk-'));
let service;
try {
  const python = pythonWith('requirements-mcp-sdk.txt');
  service = await startService({ dataDirectory: path.join(folder, 'data'), brokers: '' });
  const files = readdirSync(fixtures).filter((file) => file.endsWith('.json'));
  const { status, stdout, stderr } = spawnSync(
    python,
    [program, `${service.url}/register`, ...files.map((file) => path.join(fixtures, file))],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  const results = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const faults = results.filter(({ fault }) => fault !== null);
  for (const { file, fault } of faults) console.error(`${file}: ${fault}`);
  if (faults.length > 0 || results.length !== files.length || files.length === 0)
    throw new Error(`it reads ${results.length - faults.length} of ${files.length} answers`);
  console.log(`MCP Python SDK: reads the answers to all ${files.length} clients`);
} catch (error) {
  console.error(`MCP Python SDK: ${error.message}`);
  process.exitCode = 1;
} finally {
  await service?.stop();
  rmSync(folder, { recursive: true, force: true });
}
