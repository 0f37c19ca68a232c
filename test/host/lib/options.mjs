// bhyve(8), options: reads a command line into the configuration tree, in order, later options winning.

import { BLANKS, ConfigTree, Refusal, parseInteger, parseMemory } from './config-tree.mjs';
import { parseSlot } from './slots.mjs';
import { parseLpc } from './lpc.mjs';
import { usageText } from './usage.mjs';
import { DEVICES, MAIN, hasDevice, lpcDevices, optionLetters } from './releases.mjs';

/**
 * @typedef {object} Target
 * @property {number} rel
 * @property {string} arch
 * @property {number} failure exit status of set-up errors
 * @property {(path: string) => string | undefined} read a file of the host
 */

/** Options that set one key to a fixed value. @type {Record<string, [string, string]>} */
const FLAGS = {
  A: ['acpi_tables', 'true'],
  a: ['x86.x2apic', 'false'],
  C: ['memory.guest_in_core', 'true'],
  D: ['destroy_on_poweroff', 'true'],
  e: ['x86.strictio', 'true'],
  H: ['x86.vmexit_on_hlt', 'true'],
  M: ['monitor', 'true'],
  P: ['x86.vmexit_on_pause', 'true'],
  S: ['memory.wired', 'true'],
  u: ['rtc.use_localtime', 'false'],
  W: ['virtio_msix', 'false'],
  w: ['x86.strictmsr', 'false'],
  x: ['x86.x2apic', 'true'],
  Y: ['x86.mptable', 'false'],
};

/** @param {string[]} words argv without the command @param {Target} target @returns {ConfigTree} */
export function readCommandLine(words, target) {
  const { rel, arch, failure } = target;
  const config = new ConfigTree(failure, rel >= 1301);
  if (arch === 'amd64') setDefaults(config, rel);
  else config.set('memory.size', '256M');
  const usage = usageText(rel, arch);
  const names = getopt(words, optionLetters(rel, arch), usage, (letter, value) => {
    apply(letter, value, config, target);
  });
  if (names.length > 1) throw new Refusal(1, '', usage);
  const [name] = names;
  if (name !== undefined) config.set('name', name);
  if (!config.has('name') || (rel < 1301 && name === undefined)) throw new Refusal(1, '', usage);
  return config;
}

/** @param {ConfigTree} config @param {number} rel */
function setDefaults(config, rel) {
  config.set('acpi_tables', rel >= 1500 ? 'true' : 'false');
  if (rel >= 1400) config.set('acpi_tables_in_memory', 'true');
  config.set('memory.size', '256M');
  config.set('x86.strictmsr', 'true');
}

/**
 * getopt(3) without permutation.
 * @param {string[]} words @param {{ bare: string, valued: string }} letters @param {string} usage
 * @param {(letter: string, value: string) => void} take @returns {string[]} operands
 */
function getopt(words, { bare, valued }, usage, take) {
  let index = 0;
  for (; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (word === '--') return words.slice(index + 1);
    if (!word.startsWith('-') || word === '-') break;
    for (let at = 1; at < word.length; at += 1) {
      const letter = word[at] ?? '';
      if (bare.includes(letter)) {
        take(letter, '');
        continue;
      }
      if (!valued.includes(letter)) throw new Refusal(1, `illegal option -- ${letter}`, usage);
      if (at + 1 < word.length) take(letter, word.slice(at + 1));
      else {
        index += 1;
        const value = words[index];
        if (value === undefined) throw new Refusal(1, `option requires an argument -- ${letter}`, usage);
        take(letter, value);
      }
      break;
    }
  }
  return words.slice(index);
}

/** @param {string} letter @param {string} value @param {ConfigTree} config @param {Target} target */
function apply(letter, value, config, target) {
  const flag = FLAGS[letter];
  if (flag !== undefined) {
    if (letter === 'A' && target.rel >= 1500) return;
    config.set(...flag);
    return;
  }
  switch (letter) {
    case 'h':
      throw new Refusal(0, '', usageText(target.rel, target.arch));
    case 'c': {
      parseTopology(value, config, target);
      return;
    }
    case 'm':
      if (parseMemory(value, target.rel >= MAIN) === undefined) throw new Refusal(64, `invalid memsize '${value}'`);
      {
        config.set('memory.size', value);
        return;
      }
    case 'U': {
      config.set('uuid', value);
      return;
    }
    case 'K': {
      config.set('keyboard.layout', value);
      return;
    }
    case 'p': {
      parsePin(value, config, target);
      return;
    }
    case 'G': {
      parseGdb(value, config, target);
      return;
    }
    case 'k': {
      readConfigFile(value, config, target);
      return;
    }
    case 'o': {
      parseSetting(value, config);
      return;
    }
    case 'f': {
      parseFwcfg(value, target);
      return;
    }
    case 'n': {
      parseDomain(value, config);
      return;
    }
    case 's':
      if (target.rel >= 1200 && 'help'.startsWith(value)) throw deviceList(target);
      {
        parseSlot(value, config, target);
        return;
      }
    case 'l':
      if (target.rel >= 1200 && 'help'.startsWith(value))
        throw new Refusal(0, '', lpcDevices(target.rel).join('\n') + '\n');
      {
        parseLpc(value, config, target);
        return;
      }
    default:
  }
}

/** @param {Target} target */
function deviceList({ rel, arch }) {
  const names = Object.keys(DEVICES).filter((device) => hasDevice(device, rel, arch));
  return new Refusal(0, '', names.join('\n') + '\n');
}

/** @param {string} text @param {ConfigTree} config @param {Target} target */
function parseTopology(text, config, { rel }) {
  for (const piece of text === '' ? [] : text.split(',')) {
    const match = /^(?:(cpus|sockets|cores|threads)=)?(.*)$/s.exec(piece);
    const number = parseInteger(match?.[2] ?? '');
    const bareOnly = rel < 1200 && piece !== text;
    if (number === undefined || number < 1 || number > 65535 || bareOnly || (rel < 1200 && match?.[1] !== undefined)) {
      throw new Refusal(rel < 1200 ? 1 : 64, `invalid cpu topology '${text}'`);
    }
    config.set(match?.[1] ?? 'cpus', match?.[2] ?? '');
  }
}

const PIN = new RegExp(`^${BLANKS}\\+?(\\d+):${BLANKS}\\+?(\\d+)`);

/** sscanf(3) with %d:%d, which looks at nothing behind it; main takes ranges on both sides. @param {string} text @param {ConfigTree} config @param {Target} target */
function parsePin(text, config, { rel }) {
  const range = rel >= MAIN ? /^(\d+)(?:-(\d+))?:(\d+(?:-\d+)?)$/.exec(text) : null;
  const match = PIN.exec(text);
  if (range === null && match === null) throw new Refusal(64, `invalid vcpu:hostcpu mapping '${text}'`);
  const first = Number(range?.[1] ?? match?.[1]);
  const last = Number(range?.[2] ?? first);
  if (last > 65535) throw new Refusal(64, `invalid vcpu:hostcpu mapping '${text}'`);
  const cpus = range?.[3] ?? String(Number(match?.[2]));
  for (let vcpu = first; vcpu <= last; vcpu += 1) {
    const key = `vcpu.${vcpu}.cpuset`;
    const before = config.values.get(key);
    config.set(key, before === undefined ? cpus : `${before},${cpus}`);
  }
}

/** @param {string} text @param {ConfigTree} config @param {Target} target */
function parseGdb(text, config, { rel }) {
  let rest = text;
  if (rest.startsWith('w')) {
    config.set('gdb.wait', 'true');
    rest = rest.slice(1);
  }
  const colon = rest.lastIndexOf(':');
  if (colon >= 0 && rel >= 1302) {
    config.set('gdb.address', rest.slice(0, colon));
    rest = rest.slice(colon + 1);
  }
  config.set('gdb.port', rest);
}

/** @param {string} path @param {ConfigTree} config @param {Target} target */
function readConfigFile(path, config, { read, failure }) {
  const text = read(path);
  if (text === undefined) throw new Refusal(failure, `Failed to open configuration file ${path}`);
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const equals = line.indexOf('=');
    if (equals < 0) throw new Refusal(failure, `${path} line ${index + 1}: Failed to parse config variable '${line}'`);
    if (equals === line.length - 1) throw new Refusal(failure, `${path} line ${index + 1}: Empty value for '${line}'`);
    config.set(line.slice(0, equals), line.slice(equals + 1));
  }
}

/** @param {string} text @param {ConfigTree} config */
function parseSetting(text, config) {
  const equals = text.indexOf('=');
  if (equals < 0 || equals === text.length - 1) throw new Refusal(64, `invalid configuration option '${text}'`);
  config.set(text.slice(0, equals), text.slice(equals + 1));
}

/** @param {string} text @param {Target} target */
function parseFwcfg(text, { read }) {
  const match = /^(?:name=)?([^,]+),(string|file)=(.*)$/s.exec(text);
  const invalid = new Refusal(64, `invalid fwcfg item '${text}'`);
  if (match === null || (match[1] ?? '').length >= 56) throw invalid;
  if (match[2] === 'file' && read(match[3] ?? '') === undefined) throw invalid;
}

/** @param {string} text @param {ConfigTree} config */
function parseDomain(text, config) {
  const pairs = text.split(',').map((piece) => /^(id|size|cpus|domain_policy)=(.+)$/s.exec(piece));
  const id = pairs.find((pair) => pair?.[1] === 'id')?.[2];
  if (pairs.includes(null) || id === undefined || !/^[0-7]$/.test(id)) {
    throw new Refusal(64, `invalid NUMA domain '${text}'`);
  }
  for (const pair of pairs) {
    if (pair !== null && pair[1] !== 'id') config.set(`domains.${id}.${pair[1]}`, pair[2] ?? '');
  }
}
