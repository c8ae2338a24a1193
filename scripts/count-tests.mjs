// Prints the closing line of CI from vitest's JSON report. Exits with 1 when a test failed or none ran.
import { readFileSync } from 'node:fs';

const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
if (numPassedTests === 0 || numPendingTests > 0) {
  console.error(`${numPassedTests} tests passed and ${numPendingTests} were skipped: every test has to run`);
  process.exitCode = 1;
}
console.log(`tests: ${numPassedTests} passed, ${numFailedTests} failed`);
