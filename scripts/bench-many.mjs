/**
 * Many domains in one run, for `npm run bench`: the processor time of user and system that `check`, a first `build` and the build
 * after one domain has changed take, a domain, and the most memory that they need; beside `xmllint --relaxng` over the same files.
 * Processor time, since other programs on the machine change it little.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './bundling.mjs';
import { domainText } from './bench-domain.mjs';

const bhyvec = path.join(root, 'dist/bhyvec.mjs');
const rounds = Number(process.env['BENCH_MANY_ROUNDS'] ?? 3);
const counts = (process.env['BENCH_MANY'] ?? '100 1000 10000').split(' ').map(Number);

/** Runs its words, then tells what times(1) of the shell says of its children. */
const timed = '"$@" >/dev/null; status=$?; times >&3; exit $status';

/** Reports the peak of memory of a process of Node on its file descriptor 4. */
const meter = `data:text/javascript,${encodeURIComponent(
  "import { writeSync } from 'node:fs'; process.on('exit', () => writeSync(4, String(process.resourceUsage().maxRSS)));",
)}`;

/** @typedef {{ readonly seconds: number, readonly memory: number }} Cost */

/** Runs a command once. @param {readonly string[]} words @returns {Cost} */
function run(words) {
  const env = { ...process.env };
  delete env['NODE_EXTRA_CA_CERTS'];
  const stdio = /** @type {const} */ (['ignore', 'ignore', 'pipe', 'pipe', 'pipe']);
  const child = spawnSync('sh', ['-c', timed, 'sh', ...words], { env, stdio: [...stdio], maxBuffer: 1 << 30 });
  if (child.error !== undefined || child.status !== 0)
    throw new Error(`${words.slice(0, 5).join(' ')}: ${child.error?.message ?? String(child.stderr).slice(0, 2000)}`);
  const [, children = ''] = String(child.output[3]).split('\n');
  const parts = [...children.matchAll(/(\d+)m([\d.]+)s/g)];
  const seconds = parts.reduce((sum, [, minutes, rest]) => sum + 60 * Number(minutes) + Number(rest), 0);
  return { seconds, memory: Number(String(child.output[4] ?? '')) / 1024 };
}

/** @param {number} count @param {() => Cost} work @returns {Cost} */
function medianOf(count, work) {
  const costs = Array.from({ length: count }, work).toSorted((one, other) => one.seconds - other.seconds);
  const memory = Math.max(...costs.map((cost) => cost.memory));
  return { seconds: costs[costs.length >> 1]?.seconds ?? NaN, memory };
}

/**
 * @param {string} folder for the documents
 * @param {(what: string, figures: string, value?: number, budget?: number) => void} report
 * @param {string | null} grammar for xmllint, where that is there
 */
export function measureMany(folder, report, grammar) {
  console.log(`\nMany domains in one run: processor time, median of ${String(rounds)}; 10,000 are run once`);
  /** @type {Map<string, number[]>} */
  const each = new Map();
  /** @param {string} what @param {number} count @param {Cost} cost */
  const row = (what, count, { seconds, memory }) => {
    const known = each.get(what) ?? [];
    each.set(what, [...known, (1000 * seconds) / count]);
    const peak = memory > 0 ? `  ${memory.toFixed(0).padStart(5)} MB at most` : '';
    const figures = `${seconds.toFixed(2).padStart(7)} s  ${((1000 * seconds) / count).toFixed(2).padStart(6)} ms a domain${peak}`;
    report(`${what}, ${String(count)} domains`, figures);
  };
  const program = [process.execPath, '--import', meter, bhyvec];
  for (const count of counts) {
    const [documents, output] = [path.join(folder, `many${String(count)}`), path.join(folder, `built${String(count)}`)];
    mkdirSync(documents);
    const file = (/** @type {number} */ i) => path.join(documents, `g${String(i).padStart(5, '0')}.xml`);
    for (let i = 0; i < count; i++) writeFileSync(file(i), domainText(i));
    const often = count > 1000 ? 1 : rounds;
    if (grammar !== null) {
      const files = readdirSync(documents).map((name) => path.join(documents, name));
      row(
        'xmllint --relaxng',
        count,
        medianOf(often, () => run(['xmllint', '--noout', '--relaxng', grammar, ...files])),
      );
    }
    row(
      'check --no-xmllint',
      count,
      medianOf(often, () => run([...program, 'check', '--no-xmllint', documents])),
    );
    row(
      'check',
      count,
      medianOf(often, () => run([...program, 'check', documents])),
    );
    const build = () => run([...program, 'build', documents, '-o', output]);
    row(
      'build, the first',
      count,
      medianOf(often, () => {
        rmSync(output, { recursive: true, force: true });
        rmSync(path.join(documents, 'bhyvec.lock'), { force: true });
        return build();
      }),
    );
    build();
    let edits = 0;
    row(
      'build after one has changed',
      count,
      medianOf(often, () => {
        edits += 1;
        writeFileSync(
          file(0),
          domainText(0)
            .replace('2</vcpu>', `${String(2 + edits)}</vcpu>`)
            .replace(/<cpu>[^]*<\/cpu>/, ''),
        );
        return build();
      }),
    );
    rmSync(documents, { recursive: true });
    rmSync(output, { recursive: true });
  }
  for (const [what, costs] of each) {
    const growth = (costs.at(-1) ?? NaN) / (costs[1] ?? NaN);
    if (costs.length === 3) report(`${what}: a domain of 10000 to one of 1000`, `x${growth.toFixed(2)}`, growth, 1.3);
  }
}
