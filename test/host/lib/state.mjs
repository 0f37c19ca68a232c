// The host's state as canonical text: what a test compares before and after a launch. Process ids and other numbers
// that differ between runs are left out.

import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import { readFacts } from './records.mjs';

const SECTIONS = /** @type {const} */ ([
  'host',
  'interfaces',
  'modules',
  'sysctls',
  'vmm',
  'nmdm',
  'zfs',
  'pci',
  'ports',
  'rctl',
  'pf',
  'routes',
  'files',
  'processes',
]);
/** @typedef {typeof SECTIONS[number]} Section */

/** @param {string} root @param {{ without?: readonly Section[], ignore?: RegExp }} [options] @returns {string} */
export function readState(root, { without = [], ignore } = {}) {
  const isOfModule = (/** @type {string} */ name) => without.includes('modules') && name === 'dev/vmmctl';
  const files = walk(root, '').filter((name) => ignore?.test(name) !== true && !isOfModule(name));
  /** @type {Record<Section, () => string[]>} */
  const read = {
    host: () => [`${readFacts(root).release} ${readFacts(root).arch}`],
    interfaces: () => interfaces(root),
    modules: () => records(root, 'module').map(([name]) => name),
    sysctls: () => records(root, 'sysctl').map(([name, text]) => `${name}=${text.trimEnd()}`),
    vmm: () => files.filter((name) => name.startsWith('dev/vmm/')).map((name) => describeVm(root, name)),
    nmdm: () => files.filter(isNmdm),
    zfs: () => records(root, 'zfs').map(([name, text]) => `${name.replaceAll(',', '/')} ${text.trimEnd()}`),
    pci: () => records(root, 'pci').map(([name, text]) => `${name} ${/pci_driver='(.*?)'/.exec(text)?.[1]}`),
    ports: () =>
      records(root, 'port')
        .filter(([, text]) => isAlive(text))
        .map(([name, text]) => `${name} ${text.trim().split(' ')[2]}`),
    rctl: () => rctl(root),
    // What nobody has is not told of.
    pf: () =>
      records(root, 'pf')
        .filter(([name]) => name !== 'enabled')
        .map(([name, text]) => `${name.replaceAll(',', '/')} ${JSON.stringify(text)}`),
    routes: () =>
      records(root, 'route')
        .filter(([name]) => name !== 'default')
        .map(([name, text]) => `${name.replaceAll(',', '/')} ${text.trimEnd()}`),
    files: () =>
      files.filter((name) => !name.startsWith('dev/vmm/') && !isNmdm(name)).flatMap((name) => describeFile(root, name)),
    processes: () =>
      processes(root)
        .map(({ label }) => label)
        .sort(),
  };
  const isRare = (/** @type {Section} */ section) => section === 'pf' || section === 'routes';
  return SECTIONS.filter((section) => !without.includes(section))
    .map((section) => ({ section, lines: read[section]() }))
    .filter(({ section, lines }) => lines.length > 0 || !isRare(section))
    .map(({ section, lines }) => [`[${section}]`, ...lines].join('\n') + '\n')
    .join('');
}

/** Long-lived processes of the host that still run. @param {string} root @returns {{ pid: number, label: string }[]} */
export function processes(root) {
  return records(root, 'process')
    .filter(([, text]) => isAlive(text))
    .map(([name, text]) => ({ pid: Number(name), label: text.slice(text.indexOf('\n') + 1).trimEnd() }));
}

/** Whether a record starts with the pid and start time of a living process. @param {string} text */
export function isAlive(text) {
  const [pid = '', start] = text.split(/\s/);
  if (pid === 'static') return true;
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(') ') + 2).split(' ');
    return fields[0] !== 'Z' && fields[0] !== 'X' && fields[19] === start;
  } catch {
    return false;
  }
}

/** Records that are empty belong to things that are gone. @param {string} root @param {string} kind @returns {[string, string][]} */
function records(root, kind) {
  const folder = path.join(root, '.host', kind);
  return fs
    .readdirSync(folder)
    .sort()
    .map((name) => /** @type {[string, string]} */ ([name, fs.readFileSync(path.join(folder, name), 'utf8')]))
    .filter(([, text]) => text !== '');
}

/** @param {string} root */
function interfaces(root) {
  const up = new Set(records(root, 'up').map(([name]) => name));
  return records(root, 'if').map(([name, record]) => {
    // What follows is the tail of an older record.
    const text = record.split('\nreturn 0\n', 1)[0] ?? '';
    const field = (/** @type {string} */ key) => {
      const [, quoted, bare] = new RegExp(`(?:^|\\s)${key}=(?:'((?:[^']|'\\\\'')*)'|(\\S*))`).exec(text) ?? [];
      return (quoted ?? bare ?? '').replaceAll("'\\''", "'");
    };
    const open = fs.existsSync(path.join(root, '.host/open', name))
      ? fs.readFileSync(path.join(root, '.host/open', name), 'utf8')
      : '';
    const lost = open !== '' && !isAlive(open);
    const words = (/** @type {string} */ key) => field(key).split(' ').filter(Boolean).sort().join(' ');
    return [
      name,
      `kind=${field('i_kind')} unit=${field('i_unit')} mtu=${field('i_mtu')} ${up.has(name) && !lost ? 'up' : 'down'}`,
      `groups=${words('i_groups')}`,
      `addresses=${lost ? '' : words('i_addrs')}`,
      `bridge=${field('i_bridge')}`,
      `members=${words('i_members')}`,
      `flags=${words('i_flags')}`,
      `open=${open !== '' && !lost ? 'yes' : 'no'}`,
      `description=${JSON.stringify(field('i_descr'))}`,
    ].join(' | ');
  });
}

/** @param {string} root @param {string} name */
function describeVm(root, name) {
  const vm = name.slice('dev/vmm/'.length);
  const file = (/** @type {string} */ key) => {
    const full = path.join(root, '.host/vm', vm, key);
    return fs.existsSync(full) ? fs.readFileSync(full, 'utf8') : '';
  };
  const run = file('run');
  return `${vm}${file('loaded') === '' ? '' : ' loaded'}${run !== '' && isAlive(run) ? ' running' : ''}`;
}

/** @param {string} name */
function isNmdm(name) {
  return /^dev\/nmdm.*[AB]$/.test(name);
}

/** Rules about a process vanish with it. @param {string} root */
function rctl(root) {
  const file = path.join(root, '.host/rctl');
  if (!fs.existsSync(file)) return [];
  return fs
    .readFileSync(file, 'utf8')
    .split('\n')
    .filter((rule) => rule !== '' && fs.existsSync(`/proc/${/^process:(\d+):/.exec(rule)?.[1] ?? '1'}`))
    .map((rule) => rule.replace(/^process:\d+:/, 'process:PID:'))
    .sort();
}

/** @param {string} root @param {string} below @returns {string[]} */
function walk(root, below) {
  /** @type {string[]} */
  const found = [];
  for (const entry of fs
    .readdirSync(path.join(root, below), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    if (name === '.host') continue;
    if (entry.isDirectory()) {
      const inner = walk(root, name);
      found.push(...(inner.length === 0 ? [`${name}/`] : inner));
    } else found.push(name);
  }
  return found;
}

const SMALL = 65536;

/** What goes away while it is looked at is not there. @param {string} root @param {string} name @returns {string | string[]} */
function describeFile(root, name) {
  const full = path.join(root, name);
  const stat = fs.lstatSync(full, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  const mode = (stat.mode & 0o7777).toString(8).padStart(4, '0');
  if (stat.isSymbolicLink()) return `${name} -> ${fs.readlinkSync(full)}`;
  if (stat.isDirectory()) return `${name} ${mode}`;
  if (stat.isSocket()) return `${name} socket`;
  if (stat.isFIFO()) return `${name} ${mode} fifo`;
  const hash = stat.size <= SMALL ? createHash('sha1').update(fs.readFileSync(full)).digest('hex').slice(0, 12) : '-';
  return `${name} ${mode} ${stat.size} ${hash}`;
}
