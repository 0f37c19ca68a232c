/**
 * `npm test`: the generated sources first, since the others need them; then all at once. The tests print as they go; what
 * the others have to say comes after them. Ctrl-C ends all.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import path from 'node:path';
import { generate, root } from './bundling.mjs';

/** The scripts of package.json. @type {{ scripts: Record<string, string> }} */
const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const bin = path.join(root, 'node_modules/.bin');

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** The exit status of a script, and what it printed unless it prints by itself. @param {string} name @param {boolean} aloud */
async function run(name, aloud) {
  const child = spawn('sh', ['-c', scripts[name] ?? `npm run ${name}`], {
    cwd: root,
    env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}` },
    stdio: ['ignore', aloud ? 'inherit' : 'pipe', aloud ? 'inherit' : 'pipe'],
    // A group of its own, so that what it started ends with it.
    detached: true,
  });
  running.add(child);
  // Tests wait most of the time, and there are many: what computes goes first, so that all end at about the same time.
  if (aloud && child.pid !== undefined) setPriority(child.pid, 5);
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
  return { name, status, said };
}

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    for (const { pid } of running) if (pid !== undefined) process.kill(-pid, signal);
    process.exit(130);
  });
}

await generate();
const quiet = ['lint:code', 'lint:format', 'lint:layers'];
const results = await Promise.all([...quiet.map((name) => run(name, false)), run('unit', true)]);
for (const { name, said } of results) if (said !== '') process.stdout.write(`\n${name}:\n${said}`);
const failed = results.filter(({ status }) => status !== 0).map(({ name }) => name);
if (failed.length > 0) console.error(`\nfailed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
