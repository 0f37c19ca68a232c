/**
 * `npm run soak -- --runs 20 --busy 8`: runs the whole test command many times in a row, every second time beside so many
 * processes that compute, and prints a line for each run. What a failed run said stays in a file, which is named. Exit
 * status 1 where any run failed.
 */
import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './bundling.mjs';
import { countsOf } from './count-tests.mjs';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '20' }, busy: { type: 'string', default: '8' } },
});
const [runs, busy] = [Number(values.runs), Number(values.busy)];
if (!(Number.isInteger(runs) && runs > 0 && Number.isInteger(busy) && busy >= 0)) {
  console.error('usage: npm run soak -- [--runs NUMBER] [--busy PROCESSES]');
  process.exit(2);
}

/** What is to end with us. @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** @param {string} command @param {readonly string[]} words @param {import('node:child_process').SpawnOptions} options */
function start(command, words, options) {
  const child = spawn(command, words, { ...options, detached: true });
  running.add(child);
  child.once('close', () => running.delete(child));
  return child;
}

/** Ends it with all that it has started. @param {import('node:child_process').ChildProcess} child */
function end(child) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  // npm test hears of it and ends its own.
  process.kill(-child.pid, 'SIGTERM');
}
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    for (const child of running) end(child);
    process.exit(130);
  });
}

/** One run; resolves with its exit status. @param {string} report @param {string} log @returns {Promise<number>} */
async function test(report, log) {
  const child = start('npm', ['test'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, BHYVEC_TEST_REPORT: report },
  });
  const said = createWriteStream(log);
  for (const stream of [child.stdout, child.stderr]) stream?.pipe(said, { end: false });
  /** @type {number} */
  const status = await new Promise((resolve) => {
    child.once('close', (code) => {
      resolve(code ?? 1);
    });
  });
  said.end();
  return status;
}

const folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-soak-'));
let bad = 0;
console.log(' run  beside  seconds  passed  failed');
for (let run = 1; run <= runs; run += 1) {
  const count = run % 2 === 0 ? busy : 0;
  const others = Array.from({ length: count }, () => start(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
  const [report, log] = [path.join(folder, `${String(run)}.json`), path.join(folder, `${String(run)}.log`)];
  const began = performance.now();
  const status = await test(report, log);
  const seconds = (performance.now() - began) / 1000;
  for (const child of others) end(child);
  const { passed, failed } = countsOf(report);
  // Types, lint or the build can fail as well.
  const isBad = status !== 0 || failed > 0 || passed === 0;
  if (isBad) bad += 1;
  else for (const file of [report, log]) rmSync(file, { force: true });
  const cells = [[run, 4], [count, 6], [seconds.toFixed(0), 7], [passed, 6], [failed, 6]]; // prettier-ignore
  const line = cells.map(([cell, width]) => String(cell).padStart(Number(width))).join('  ');
  console.log(isBad ? `${line}  failed: ${log}` : line);
}
console.log(`${String(runs - bad)} of ${String(runs)} runs without a failure`);
if (bad === 0) rmSync(folder, { recursive: true });
process.exitCode = bad === 0 ? 0 : 1;
