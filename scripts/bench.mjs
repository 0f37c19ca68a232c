/**
 * `npm run bench`: how long the program takes, as ratios to `node -e 0` and to native xmllint in the same run, and how
 * processor time and memory grow with the number of documents. Exit status 1 when a budget is exceeded.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { root } from './bundling.mjs';
import { domainText } from './bench-domain.mjs';
import { measureLarge } from './bench-large.mjs';
import { measureMany } from './bench-many.mjs';

const bhyvec = path.join(root, 'dist/bhyvec.mjs');
const grammar = path.join(root, 'src/frontend/schema/domain.rng');
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 15);

// Where NODE_EXTRA_CA_CERTS is set, Node 20 reads certificates at every start, which is no work of ours.
const env = { ...process.env };
delete env['NODE_EXTRA_CA_CERTS'];

/** @typedef {{ readonly milliseconds: number }} Run */

/** Runs a command once; any exit status of `allowed` is fine. @param {readonly string[]} words @param {readonly number[]} allowed @returns {Run} */
function run(words, allowed = [0]) {
  const [program = '', ...rest] = words;
  const started = performance.now();
  const child = spawnSync(program, rest, { env, stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 1 << 30 });
  const milliseconds = performance.now() - started;
  if (child.error !== undefined || !allowed.includes(child.status ?? -1)) {
    throw new Error(`${words.slice(0, 4).join(' ')}: ${child.error?.message ?? String(child.stderr).slice(0, 2000)}`);
  }
  return { milliseconds };
}

/** @param {readonly number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

/** @param {readonly string[]} words */
const node = (...words) => [process.execPath, ...words];

/** Whether a program is there. @param {string} program */
const has = (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;

let exceeded = 0;

/** One line of the report. @param {string} what @param {string} figures @param {number} [value] @param {number} [budget] */
function report(what, figures, value, budget) {
  const isOver = value !== undefined && budget !== undefined && value > budget;
  if (isOver) exceeded += 1;
  const verdict = budget === undefined ? '' : `  ${isOver ? 'OVER' : 'ok, within'} ${String(budget)}`;
  console.log(`  ${what.padEnd(44)} ${figures}${verdict}`);
}

/**
 * The commands for one file; taken in turns, so that a busy moment of the machine meets all of them.
 * @param {string} one
 * @param {string} output for a build
 */
function measureOne(one, output) {
  const native = 'xmllint --relaxng';
  /** @type {readonly (readonly [string, readonly string[], number | undefined])[]} */
  const cases = [
    ['node -e 0', node('-e', '0'), undefined],
    ['bhyvec --version', node(bhyvec, '--version'), 2],
    ['bhyvec argv --schema off', node(bhyvec, 'argv', '--schema', 'off', one), undefined],
    ['bhyvec argv', node(bhyvec, 'argv', one), 4],
    ['bhyvec check --no-xmllint', node(bhyvec, 'check', '--no-xmllint', one), undefined],
    ['bhyvec check', node(bhyvec, 'check', one), 9],
    ['bhyvec build --no-xmllint', node(bhyvec, 'build', '--no-xmllint', one, '-o', output), 6],
    ...(has('xmllint')
      ? [/** @type {const} */ ([native, ['xmllint', '--noout', '--relaxng', grammar, one], undefined])]
      : []),
  ];
  /** @type {readonly number[][]} */
  const times = cases.map(() => []);
  for (let round = 0; round < rounds; round++) {
    rmSync(output, { recursive: true, force: true });
    for (const [i, [, words]] of cases.entries()) times[i]?.push(run(words).milliseconds);
  }
  const medians = times.map(median);
  const base = medians[0] ?? NaN;
  const byNative = medians[cases.findIndex(([name]) => name === native)] ?? NaN;
  console.log(`\nOne domain, median of ${String(rounds)} processes each, in turns; budgets in times of node -e 0`);
  for (const [i, [name, , budget]] of cases.entries()) {
    const time = medians[i] ?? NaN;
    const ratios = `${time.toFixed(1).padStart(7)} ms  x${(time / base).toFixed(2).padStart(5)}`;
    report(
      name,
      Number.isNaN(byNative) ? ratios : `${ratios}  x${(time / byNative).toFixed(2).padStart(6)} xmllint`,
      time / base,
      budget,
    );
  }
  const [start = 0, version = 0, noSchema = 0, argv = 0, own = 0, check = 0, build = 0] = medians;
  console.log('\nWhere the time of `bhyvec check` goes (differences of the medians above)');
  report('Node itself', `${start.toFixed(1).padStart(7)} ms`);
  report('the program and its option parser', `${(version - start).toFixed(1).padStart(7)} ms`);
  report('loading the compiler, parsing, compiling', `${(noSchema - version).toFixed(1).padStart(7)} ms`);
  report('our RELAX NG validator', `${(argv - noSchema).toFixed(1).padStart(7)} ms`);
  report('check instead of argv', `${(own - argv).toFixed(1).padStart(7)} ms`);
  report('build instead of check: scripts, their files', `${(build - own).toFixed(1).padStart(7)} ms`);
  report('xmllint-wasm', `${(check - own).toFixed(1).padStart(7)} ms`);
}

/** Processes and time of a launch on the stand-in host: vitest loads the TypeScript, and the test prints the figures. */
function measureLaunch() {
  console.log(
    '\nOne guest with one NIC on the stand-in host: its launch, and its end while it ignores the power button',
  );
  const words = ['vitest', 'run', '--disable-console-intercept', 'test/launcher/measure.test.ts'];
  const { stdout } = spawnSync('npx', words, { encoding: 'utf8', cwd: path.join(import.meta.dirname, '..') });
  const line = /launch run: .*/.exec(stdout)?.[0] ?? 'launch run: the measurement failed';
  console.log(`  ${line}`);
  if (line.endsWith('failed')) exceeded += 1;
  const end = Number(/launch destroy: (\d+) ms/.exec(stdout)?.[1] ?? NaN);
  report('launch destroy', `${end.toFixed(0).padStart(7)} ms`, Number.isNaN(end) ? Infinity : end, 8000);
}

const folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-bench-'));
try {
  const one = path.join(folder, 'one.xml');
  writeFileSync(one, domainText(0));
  const [load = 0] = loadavg();
  console.log(`Node ${process.version}, ${process.platform} ${process.arch}, load average ${load.toFixed(1)}`);
  if (load > 1) console.log('Other programs are running: trust the ratios, not the milliseconds.');
  measureOne(one, path.join(folder, 'guests'));
  measureMany(folder, report, has('xmllint') ? grammar : null);
  measureLarge(folder, run, node(bhyvec), report);
  measureLaunch();
} finally {
  rmSync(folder, { recursive: true });
}
process.exit(exceeded === 0 ? 0 : 1);
