// Reads what the commands wrote: the history, the words a guest's bhyve or loader received, its configuration.

import * as fs from 'node:fs';
import path from 'node:path';
import { Refusal } from './config-tree.mjs';
import { hostTarget } from './plan.mjs';
import { readCommandLine } from './options.mjs';

/**
 * @typedef {object} Command
 * @property {number} sequence
 * @property {number} pid
 * @property {number} ppid
 * @property {string[]} argv command name first
 * @property {string} part BHYVEC_PART of its environment, one word
 * @property {string | null} status exit status, `signal:NAME`, or null: still running, killed, or replaced itself
 */

/** @param {string} root @returns {Command[]} */
export function readHistory(root) {
  const folder = path.join(root, '.host/history');
  const numbers = fs
    .readdirSync(folder)
    .map(Number)
    .sort((a, b) => a - b);
  return numbers.map((sequence) => readRecord(path.join(folder, String(sequence)), sequence));
}

/** @param {string} file @param {number} sequence @returns {Command} */
function readRecord(file, sequence) {
  const fields = splitBytes(fs.readFileSync(file));
  const [pid = '', ppid = '', words = '0', part = ''] = (fields[0]?.toString() ?? '').split(' ');
  const count = Number(words);
  const argv = fields.slice(1, count + 2).map((field) => field.toString());
  const tail = fields
    .slice(count + 2)
    .map(String)
    .join('')
    .split('=')
    .filter(Boolean);
  return { sequence, pid: Number(pid), ppid: Number(ppid), part, argv, status: tail.at(-1) ?? null };
}

/** @param {Buffer} bytes */
function splitBytes(bytes) {
  /** @type {Buffer[]} */
  const fields = [];
  let start = 0;
  for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0, start)) {
    fields.push(bytes.subarray(start, end));
    start = end + 1;
  }
  fields.push(bytes.subarray(start));
  return fields;
}

/** @param {string} root @returns {number} */
export function countCommands(root) {
  return fs.readdirSync(path.join(root, '.host/history')).length;
}

/**
 * The words of each start of a guest, oldest first; `bhyve`, `bhyveload` or `grub-bhyve` is the first word.
 * @param {string} root @param {string} name @returns {string[][]}
 */
export function received(root, name) {
  return readHistory(root)
    .map(({ argv }) => argv)
    .filter((argv) => isStartOf(root, argv, name));
}

/** @param {string} root @param {string[]} argv @param {string} name */
function isStartOf(root, argv, name) {
  if (!['bhyve', 'bhyveload', 'grub-bhyve'].includes(argv[0] ?? '')) return false;
  if (argv.at(-1) === name) return true;
  if (argv[0] !== 'bhyve') return argv.includes(name);
  // Without a positional name the configuration file carries it.
  return argv.length > 1 && configOf(root, argv)?.find((line) => line === `name=${name}`) !== undefined;
}

/**
 * The configuration tree of the guest's last start, `key=value`, sorted.
 * @param {string} root @param {string} name @returns {string[]}
 */
export function readConfig(root, name) {
  const argv = received(root, name).findLast(([command]) => command === 'bhyve');
  if (argv === undefined) throw new Error(`no bhyve was started for ${name}`);
  const lines = configOf(root, argv, name);
  if (lines === undefined) throw new Error(`bhyve refused the words of ${name}`);
  return lines;
}

/** @param {string} root @param {string[]} argv @param {string} [name] @returns {string[] | undefined} */
function configOf(root, argv, name) {
  const { rel, arch } = readFacts(root);
  const target = hostTarget(rel, arch, root);
  const words = argv.slice(1).map((word) => Buffer.from(word).toString('latin1'));
  const { read } = target;
  // The file that was read may be gone or changed by now: bhyve keeps a copy.
  target.read = (file) => {
    const copy = name === undefined ? undefined : path.join(root, '.host/vm', name, 'conf');
    return copy !== undefined && fs.existsSync(copy) ? fs.readFileSync(copy, 'latin1') : read(file);
  };
  try {
    return readCommandLine(words, target)
      .lines()
      .map((line) => Buffer.from(line, 'latin1').toString());
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** @param {string} root @returns {{ release: string, rel: number, arch: string }} */
export function readFacts(root) {
  const text = fs.readFileSync(path.join(root, '.host/facts'), 'utf8');
  const match = /^release=(\S+) rel=(\d+) arch=(\S+)/.exec(text);
  return { release: match?.[1] ?? '', rel: Number(match?.[2]), arch: match?.[3] ?? '' };
}
