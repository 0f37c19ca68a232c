/** `node scripts/count-tests.mjs REPORT`: the numbers in vitest's JSON report as `N passed, N failed`, for .ci/run. */
import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/**
 * @typedef {{ readonly status: string, readonly assertionResults: readonly unknown[] }} FileResult
 * @typedef {{ numPassedTests: number, numFailedTests: number, testResults: readonly FileResult[] }} Report
 */

/** Without a report, none. @param {string} file @returns {{ passed: number, failed: number }} */
export function countsOf(file) {
  if (!existsSync(file)) return { passed: 0, failed: 0 };
  /** @type {Report} */
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(file, 'utf8'));
  // A file that could not be loaded has no tests, and is a failure all the same.
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return { passed: numPassedTests, failed: numFailedTests + broken.length };
}

const [, script, file = ''] = process.argv;
if (script !== undefined && import.meta.url === pathToFileURL(script).href) {
  const { passed, failed } = countsOf(file);
  console.log(`${String(passed)} passed, ${String(failed)} failed`);
}
