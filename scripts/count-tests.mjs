/** `node scripts/count-tests.mjs REPORT`: the numbers in vitest's JSON report as `N passed, N failed`, for .ci/run. */
import { readFileSync } from 'node:fs';

/**
 * @typedef {{ readonly status: string, readonly assertionResults: readonly unknown[] }} FileResult
 * @typedef {{ numPassedTests: number, numFailedTests: number, testResults: readonly FileResult[] }} Report
 */

const [, , file = ''] = process.argv;
/** @type {Report} */
const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(file, 'utf8'));
// A file that could not be loaded has no tests, and is a failure all the same.
const broken = testResults.filter(
  ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
);
console.log(`${String(numPassedTests)} passed, ${String(numFailedTests + broken.length)} failed`);
