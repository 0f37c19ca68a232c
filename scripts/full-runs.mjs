/**
 * `npm run test:full`: the tests that `npm test` runs as a sample, at their full size. This list is the one place that
 * names them; test/house/full-runs.test.ts holds it against the files that use test/full.ts. The last line counts the
 * tests. BHYVEC_FULL_MINUTES ends it, as a failure. With `--pure` it runs those that start no processes: they take minutes,
 * and CI runs them at each landing; the others take hours together, and are run before a release.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { clearTimeout, setTimeout } from 'node:timers';
import { pathToFileURL } from 'node:url';
import { root } from './bundling.mjs';
import { countsOf } from './count-tests.mjs';

/** The full runs that start no processes. */
export const pureRuns = [
  'test/build/config.test.ts',
  'test/build/raw-words.test.ts',
  'test/property/silence.test.ts',
  'test/supervisor/model/model.test.ts',
];

/** What each file proves at its full size. */
export const fullRuns = {
  'test/build/config.test.ts': 'bhyve reads the file as the words, for all documents on all targets',
  'test/build/killed.test.ts': 'a build is killed at each of its calls to the system and to the kernel, and mends',
  'test/build/raw-words.test.ts': 'random words of the user for bhyve mean what the compiler takes them for',
  'test/cures/misspelt.test.ts': 'each word of the golden documents, misspelt in every way, gives one finding',
  'test/host/signals.test.ts': 'the stand-in host loses no signal, at thousands of moments',
  'test/host/tools.test.ts': '200 guests of the stand-in host at once',
  'test/launcher/faults.test.ts': 'each command of a launcher fails, hangs or is killed: the host is as it was',
  'test/launcher/quoting.test.ts': 'a thousand random documents reach bhyve as they are',
  'test/launcher/start.test.ts': 'restart and start know a run by its identity, however short it is',
  'test/launcher/words.test.ts': 'the words of all plans on all targets arrive',
  'test/property/silence.test.ts':
    'no part of the golden documents, and of twenty times as many made ones, passes in silence',
  'test/run/plan-fields.test.ts': 'fifteen thousand spoilt plans are a sentence, and never a bug',
  'test/selftest/killed.test.ts': 'the self-test is killed at each of its commands: --clean leaves the host as it was',
  'test/selftest/script.test.ts': 'every shell unpacks the files of all releases from the script of the self-test',
  'test/selftest/suite.test.ts':
    'all tests of the self-test pass on the stand-in host, on all releases and under all shells',
  'test/supervisor/end.test.ts': 'SIGTERM at a thousand moments of the life of a supervisor',
  'test/supervisor/model/model.test.ts': 'ten thousand random histories of the pure supervisor',
  'test/supervisor/torture.test.ts': 'random histories with real processes, of ten seeds',
};

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main();

async function main() {
  const folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-full-'));
  const report = path.join(folder, 'report.json');
  const minutes = Number(process.env['BHYVEC_FULL_MINUTES'] ?? '120');
  const child = spawn(
    'npx',
    ['vitest', 'run', ...(process.argv.includes('--pure') ? pureRuns : Object.keys(fullRuns))],
    {
      cwd: root,
      stdio: 'inherit',
      detached: true,
      env: { ...process.env, BHYVEC_FULL: '1', BHYVEC_TEST_REPORT: report },
    },
  );
  const end = () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  };
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, end);
  const timer = setTimeout(() => {
    console.error(`the full runs are not over after ${String(minutes)} minutes`);
    end();
  }, minutes * 60_000);
  const status = await new Promise((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  let { passed, failed } = countsOf(report);
  if (status !== 0 && failed === 0) failed = 1;
  rmSync(folder, { recursive: true });
  console.log(`${String(passed)} passed, ${String(failed)} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
