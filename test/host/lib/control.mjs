// What a test or a user arranges on a stand-in host: scripts of guests, faults, pauses, events.

import * as fs from 'node:fs';
import path from 'node:path';
import { isAlive, processes } from './state.mjs';

const ENTRY = new RegExp(
  [
    'run|hang|ignore-term|stuck|load',
    String.raw`(exit|exit-at-once|term):\d{1,3}`,
    String.raw`refused:\d{1,3}`,
    String.raw`sets-up:(-|[\d.]+):[a-z0-9:.-]+`,
    String.raw`signal:[A-Z0-9]+`,
    String.raw`slow-term:[\d.]+(:\d{1,3})?`,
    String.raw`acpi-after:[\d.]+`,
    String.raw`after:[\d.]+(:.+)?`,
  ]
    .map((form) => `^(${form})$`)
    .join('|'),
);

/**
 * What a guest plays on its next starts; the name `*` sets the default of all guests, whose last entry repeats.
 * @param {string} root @param {string} name @param {readonly string[]} entries @param {'script' | 'loader'} [kind]
 */
export function setScript(root, name, entries, kind = 'script') {
  for (const entry of entries) if (!ENTRY.test(entry)) throw new Error(`not a script entry: ${entry}`);
  const text = entries.map((entry) => `${entry}\n`).join('');
  if (name === '*') {
    fs.writeFileSync(path.join(root, '.host', `${kind}.default`), text);
    return;
  }
  const folder = path.join(root, '.host/vm', name);
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, kind), text);
  fs.rmSync(path.join(folder, `${kind}.position`), { force: true });
}

/** @typedef {{ pattern?: string, status?: number, after?: boolean }} FaultOptions */

/**
 * The nth command that matches fails, counted from now; 0 means every one. `after` lets it take effect first.
 * @param {string} root @param {number} nth @param {FaultOptions} [options]
 */
export function armFault(root, nth, { pattern = '*', status = 1, after = false } = {}) {
  arm(root, 'fail', nth, pattern, status, after);
}

/** The nth command that matches waits for release. @param {string} root @param {number} nth @param {FaultOptions} [options] */
export function armPause(root, nth, { pattern = '*', after = false } = {}) {
  arm(root, 'pause', nth, pattern, 0, after);
}

let armed = 0;

/** @param {string} root @param {string} kind @param {number} nth @param {string} pattern @param {number} status @param {boolean} after */
function arm(root, kind, nth, pattern, status, after) {
  armed += 1;
  const id = `${process.pid}.${armed}`;
  // A bare command name stands for all of its calls. The words that are matched end in a blank.
  const glob = /[\s*?[]/.test(pattern) ? pattern : `${pattern} *`;
  const words = ['armed', id, kind, String(nth), String(status), after ? 'after' : 'before', glob];
  const quoted = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  fs.appendFileSync(path.join(root, '.host/faults'), `${quoted}\n`);
}

/**
 * Nothing is armed any more. Nobody is to answer a command that has announced itself just now, so it goes on: one that does so
 * later sees that nothing is armed (faults.sh).
 * @param {string} root
 */
export function disarm(root) {
  // Emptied, not removed: a command that has seen the file is about to read it, and a shell ends where it cannot.
  const file = path.join(root, '.host/faults');
  if (fs.existsSync(file)) fs.truncateSync(file);
  release(root);
}

/** The command that waits, if one does. @param {string} root @returns {{ sequence: number, pid: number, ppid: number } | undefined} */
export function readPaused(root) {
  const text = readText(path.join(root, '.host/paused'));
  const [sequence, pid, ppid] = text.split(' ').map(Number);
  if (!text.endsWith('\n') || sequence === undefined || pid === undefined || ppid === undefined) return undefined;
  return { sequence, pid, ppid };
}

/**
 * Lets the waiting command go on, or ends it without effect. It announces itself just before it opens the fifo, hence
 * the retry; a command that was killed meanwhile needs no answer.
 * @param {string} root @param {{ abort?: boolean }} [options]
 */
export function release(root, { abort = false } = {}) {
  const fifo = path.join(root, '.host/pause.fifo');
  const paused = path.join(root, '.host/paused');
  const isWaiting = () => {
    const [, pid, , start] = readText(paused).trimEnd().split(' ');
    return start !== undefined && isAlive(`${pid} ${start}`);
  };
  while (isWaiting()) {
    if (answer(fifo, abort ? 'abort\n' : 'go\n')) return;
    pauseShortly();
  }
  if (readText(paused) !== '') fs.writeFileSync(paused, '');
}

/**
 * Whether a reader took the text. A descriptor that stayed open would let the next reader in, to wait for what nobody writes.
 * @param {string} fifo @param {string} text
 */
function answer(fifo, text) {
  let descriptor;
  try {
    descriptor = fs.openSync(fifo, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK);
    fs.writeSync(descriptor, text);
    return true;
  } catch {
    // It is not there yet, or was killed meanwhile.
    return false;
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}

/**
 * Makes a running guest play an entry; it has heard of it when this returns, so that a signal finds it as the entry says.
 * @param {string} root @param {string} name @param {string} entry
 */
export function tellGuest(root, name, entry) {
  if (!ENTRY.test(entry)) throw new Error(`not a script entry: ${entry}`);
  const pid = runningGuest(root, name);
  if (pid === undefined) throw new Error(`no bhyve runs for ${name}`);
  const events = path.join(root, '.host/vm', name, `events.${pid}`);
  const heard = path.join(root, '.host/vm', name, `heard.${pid}`);
  fs.appendFileSync(events, `play ${entry}\n`);
  const count = fs.readFileSync(events, 'utf8').split('\n').length - 1;
  process.kill(pid, 'SIGUSR1');
  while (runningGuest(root, name) === pid && Number(readText(heard)) < count) pauseShortly();
}

/** @param {string} file */
function readText(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
}

function pauseShortly() {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
}

/** The pid of the guest's bhyve once it plays. @param {string} root @param {string} name @returns {number | undefined} */
export function runningGuest(root, name) {
  const text = readText(path.join(root, '.host/vm', name, 'run'));
  return text !== '' && isAlive(text) ? Number(text.split(' ')[0]) : undefined;
}

/** Forgets the history, faults and pauses; the host's state and the scripts stay. @param {string} root */
export function resetHost(root) {
  disarm(root);
  for (const folder of ['history', 'hits', 'lock']) {
    for (const name of fs.readdirSync(path.join(root, '.host', folder)))
      fs.rmSync(path.join(root, '.host', folder, name));
  }
  for (const name of ['seq', 'paused']) fs.rmSync(path.join(root, '.host', name), { force: true });
}

/** Ends the long-lived processes of the host: guests, loaders, daemons, TPM emulators. @param {string} root */
export function killAll(root) {
  for (const { pid } of processes(root)) kill(pid);
}

/**
 * Ends everything that was started with this root in its environment, launchers included, except the caller and what
 * started it. Who was just being forked while the processes were looked at is found by the next look: the last one finds
 * nobody.
 * @param {string} root
 */
export function killEverything(root) {
  while (killOnce(root)) pauseShortly();
}

/** Whether there was anything to kill. @param {string} root */
function killOnce(root) {
  if (fs.existsSync(path.join(root, '.host/process'))) killAll(root);
  if (!fs.existsSync('/proc/self/environ')) return false;
  const spared = new Set(ancestors(process.pid));
  const ours = fs
    .readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && !spared.has(Number(pid)) && isOf(root, pid));
  for (const pid of ours) kill(Number(pid));
  return ours.length > 0;
}

/** Whether a process has this root in its environment; a dead one has none. @param {string} root @param {string} pid */
function isOf(root, pid) {
  try {
    return fs.readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`BHYVEC_ROOT=${root}`);
  } catch {
    // Gone, or not ours to look at.
    return false;
  }
}

/** @param {number} pid @returns {number[]} */
function ancestors(pid) {
  if (pid <= 1) return [pid];
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    return [pid, ...ancestors(Number(stat.slice(stat.lastIndexOf(') ') + 2).split(' ')[1]))];
  } catch {
    return [pid];
  }
}

/** @param {number} pid */
function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}
