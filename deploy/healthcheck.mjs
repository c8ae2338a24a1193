// Asks the service in this container for one of its health paths: exit code 0 when it answers 200.
// Usage: node deploy/healthcheck.mjs /health/live|/health/ready
const [, , path = '/health/live'] = process.argv;
const port = process.env.PORT || '3000';
try {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(4_000) });
  if (!answer.ok) console.error(`${path}: ${answer.status} ${await answer.text()}`);
  process.exitCode = answer.ok ? 0 : 1;
} catch (error) {
  console.error(`${path}: ${error.cause?.message ?? error.message}`);
  process.exitCode = 1;
}
