/**
 * Measures the supervisor with many guests on the stand-in host: start all, reboot all, stop all. Prints wall time, the
 * supervisor's memory, how long `list` takes meanwhile, what is left afterwards, and what a guest costs as they grow more.
 * usage: npm run bench:supervisor [-- NUMBER...]
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { killEverything, runningGuest } from '../test/host/lib/control.mjs';
import { createRoot } from '../test/host/lib/create.mjs';
import { readState } from '../test/host/lib/state.mjs';
import { bundle, program } from './bundle.mjs';
import { root } from './bundling.mjs';

const numbers = process.argv
  .slice(2)
  .map(Number)
  .filter((number) => number > 0);
const sizes = numbers.length > 0 ? numbers : [10, 50, 200];

/** @param {number} number */
const nameOf = (number) => `g${String(number).padStart(3, '0')}`;

/** @param {string} name */
const xmlOf = (name) => `<domain type='bhyve'><name>${name}</name><memory unit='MiB'>512</memory><vcpu>1</vcpu>
<os firmware='efi'><type>hvm</type></os><features><acpi/></features><on_reboot>restart</on_reboot><devices>
<disk type='file' device='disk'><source file='/vm/a.img'/><target dev='vda' bus='virtio'/></disk>
<interface type='bridge'><source bridge='bridge0'/><model type='virtio'/></interface></devices></domain>\n`;

/** One connection. @param {string} socket */
function connect(socket) {
  const stream = createConnection(socket);
  /** @type {Map<number, { resolve: (result: unknown) => void, reject: (error: Error) => void }>} */
  const waiting = new Map();
  let rest = '';
  let count = 0;
  stream.on('data', (chunk) => {
    const lines = `${rest}${chunk.toString()}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      /** @type {{ id: number, result?: unknown, error?: { message: string } }} */
      const { id, result, error } = JSON.parse(line);
      if (error === undefined) waiting.get(id)?.resolve(result);
      else waiting.get(id)?.reject(new Error(error.message));
      waiting.delete(id);
    }
  });
  return {
    /** @param {string} method @param {object} params @returns {Promise<unknown>} */
    call: (method, params) =>
      new Promise((resolve, reject) => {
        count += 1;
        waiting.set(count, { resolve, reject });
        stream.write(`${JSON.stringify({ jsonrpc: '2.0', id: count, method, params })}\n`);
      }),
    end: () => stream.destroy(),
  };
}

/** Memory in MiB. @param {number} pid @param {'VmHWM' | 'VmRSS'} field */
function memory(pid, field) {
  const line = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
  return Math.round(Number(line?.[1]) / 1024);
}

/** Seconds of processor time. @param {number} pid */
function processorTime(pid) {
  const fields =
    readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      .split(') ')
      .at(-1)
      ?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** @param {readonly number[]} values @param {number} share */
function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** @param {string} folder @param {number} count */
async function measure(folder, count) {
  const host = mkdtempSync(path.join(tmpdir(), 'bhyvec-bench-'));
  const modules = ['vmm', 'nmdm'];
  createRoot(host, { release: '14.3', cpus: 512, modules, bridges: ['bridge0'], disks: ['/vm/a.img'] });
  const look = () =>
    readState(host, { without: ['modules', 'nmdm'], ignore: /^var\/(?:log|db|run\/bhyvecd)\b|^var\/run\/?$/ });
  const before = look();
  const bin = path.join(root, 'test/host/bin');
  const env = { PATH: `${bin}:${process.env['PATH'] ?? '/usr/bin:/bin'}`, HOME: '/', BHYVEC_ROOT: host };
  const words = ['--target', 'freebsd-14.3', '--stop-limit', '600'];
  const child = spawn(process.execPath, [path.join(folder, 'bhyvec-supervisor.mjs'), ...words], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const pid = child.pid ?? 0;
  const socket = path.join(host, 'var/run/bhyvecd/sock');
  child.stderr.resume();
  while (!existsSync(socket)) await delay(20);
  await delay(200);
  const [client, watcher] = [connect(socket), connect(socket)];
  const names = Array.from({ length: count }, (_, i) => nameOf(i));
  for (const name of names) await client.call('domain.define', { xml: xmlOf(name), name: `${name}.xml` });
  /** @param {string} method @param {object} params */
  const all = (method, params) =>
    Promise.all(names.map((domain) => client.call(method, { domain, wait: true, ...params })));

  // The stand-in reads each guest's words for the first time with Node: that is no cost of the supervisor.
  await all('domain.start', {});
  while (!names.every((name) => runningGuest(host, name) !== undefined)) await delay(100);
  await client.call('supervisor.close', { limitSeconds: 600, exit: false });

  /** @type {number[]} */
  const latencies = [];
  const state = { isOver: false };
  const watch = (async () => {
    while (!state.isOver) {
      const asked = performance.now();
      await watcher.call('domain.list', {});
      latencies.push(performance.now() - asked);
      await delay(50);
    }
  })();
  /** @param {() => Promise<unknown>} act */
  const timed = async (act) => {
    const [began, used] = [performance.now(), processorTime(pid)];
    await act();
    return { wall: (performance.now() - began) / 1000, cpu: processorTime(pid) - used };
  };
  const start = await timed(() => all('domain.start', {}));
  // A guest that has no ACPI tables yet is killed by the power button, as by bhyve(8).
  while (!names.every((name) => runningGuest(host, name) !== undefined)) await delay(100);
  const reboot = await timed(() => all('domain.reboot', { cold: false }));
  while (!names.every((name) => runningGuest(host, name) !== undefined)) await delay(100);
  const used = processorTime(pid);
  await delay(5000);
  const idle = (processorTime(pid) - used) / 5;
  const stop = await timed(() => client.call('supervisor.close', { limitSeconds: 600, exit: false }));
  state.isOver = true;
  await watch;
  const peak = memory(pid, 'VmHWM');
  const left = look() === before ? 'nothing' : 'SOMETHING';
  client.end();
  watcher.end();
  child.kill('SIGTERM');
  await new Promise((resolve) => child.on('close', resolve));
  killEverything(host);
  rmSync(host, { recursive: true, force: true, maxRetries: 5 });
  return { count, start, reboot, stop, idle, peak, left, latencies };
}

const folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-bench-dist-'));
const { outputFiles } = await bundle('dist', program, true);
for (const file of outputFiles) {
  const target = path.join(folder, path.relative(path.join(root, 'dist'), file.path));
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, file.contents);
}
try {
  for (const size of sizes) {
    const { count, start, reboot, stop, idle, peak, left, latencies } = await measure(folder, size);
    console.log(`${String(count)} guests`);
    for (const [what, { wall, cpu }] of Object.entries({ start, reboot, stop })) {
      const each = `${((wall / count) * 1000).toFixed(0)} ms, of the supervisor ${((cpu / count) * 1000).toFixed(1)} ms`;
      console.log(`  ${what.padEnd(7)} all ${wall.toFixed(1)} s; for each guest ${each}`);
    }
    const latency = [0.5, 0.99].map((share) => percentile(latencies, share).toFixed(1));
    console.log(`  list    p50 ${latency[0] ?? ''} ms, p99 ${latency[1] ?? ''} ms (${String(latencies.length)} calls)`);
    console.log(
      `  memory  ${String(peak)} MiB at most; idle ${(idle * 100).toFixed(1)} % of a processor; left: ${left}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
