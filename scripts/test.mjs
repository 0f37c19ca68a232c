/**
 * `npm test`: the build first, since the others need what it generates; then types and lint beside the tests. The tests
 * print as they go; what types and lint have to say comes after them. Ctrl-C ends all.
 */
import { spawn } from 'node:child_process';
import { root } from './bundling.mjs';

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** The exit status of an npm script, and what it printed unless it prints by itself. @param {string} script @param {boolean} aloud */
async function run(script, aloud) {
  const child = spawn('npm', ['run', '--silent', script], {
    cwd: root,
    stdio: ['ignore', aloud ? 'inherit' : 'pipe', aloud ? 'inherit' : 'pipe'],
    // A group of its own, so that what it started ends with it.
    detached: true,
  });
  running.add(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (/** @type {string} */ text) => (said += text));
  /** @type {number} */
  const status = await new Promise((resolve) => {
    child.once('close', (code) => {
      resolve(code ?? 1);
    });
  });
  running.delete(child);
  return { script, status, said };
}

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    for (const { pid } of running) if (pid !== undefined) process.kill(-pid, signal);
    process.exit(130);
  });
}

const built = await run('build', true);
const results =
  built.status === 0 ? await Promise.all([run('unit', true), run('types', false), run('lint', false)]) : [built];
for (const { script, said } of results) if (said !== '') process.stdout.write(`\n${script}:\n${said}`);
const failed = results.filter(({ status }) => status !== 0).map(({ script }) => script);
if (failed.length > 0) console.error(`\nfailed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
