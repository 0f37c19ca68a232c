// Gives a host what a guest needs and nobody has made: what a list of needs names, and what the commands of the guest
// name. A user's own words (<bhyve:arg>, <bootloader_args>) may name things that no list of the guest's needs has.

import * as fs from 'node:fs';
import path from 'node:path';
import { Refusal } from './config-tree.mjs';
import { datasetOf, makeDataset, makeDisk, makeFile, makeTap, makeZvol, writePci } from './create.mjs';
import { loaderNames, loaderOptions } from './loader-words.mjs';
import { isInterfaceName, isThere, placeOf, straightPath } from './place.mjs';
import { hostTarget, makePlan } from './plan.mjs';
import { readFacts } from './records.mjs';

/** @typedef {readonly string[]} Thing what it is, its path or name, and what else its maker wants */
/** @typedef {(root: string, file: string, more: readonly string[]) => void} Maker */

/** Files, and how each kind is made at the place of its path. @type {Record<string, Maker>} */
const FILES = {
  disk: (root, file) => {
    if (datasetOf(file) === undefined) makeDisk(root, `${file}:1048576`);
    else makeZvol(root, file);
  },
  directory: (root, file) => {
    fs.mkdirSync(placeOf(root, file), { recursive: true });
  },
  file: (root, file) => {
    makeFile(root, file, '');
  },
  // Nobody listens there: bhyve looks only whether it is a socket.
  peer: (root, file) => {
    makeParent(root, file);
    fs.linkSync(path.join(root, '.host/socket'), placeOf(root, file));
  },
  program: (root, file, [name = path.basename(file), ...words]) => {
    const rest = words.length === 0 ? ' "$@"' : words.map((word) => ` ${word}`).join('');
    makeFile(root, file, `#!/bin/sh\nexec ${name}${rest}\n`, 0o755);
  },
  map: (root, file, [device = 'hd0']) => {
    furnishOne(root, ['disk', '/vm/furnished.img']);
    makeFile(root, file, `(${device}) /vm/furnished.img\n`);
  },
};

/** Things that are no files, or not made before the run. @type {Record<string, Maker>} */
const OTHERS = {
  parent: makeParent,
  dataset: makeDataset,
  tty: (root, file) => {
    if (/^\/dev\/nmdm.*[AB]$/s.test(file)) fs.writeFileSync(path.join(root, '.host/module/nmdm'), 'file\n');
    else if (file.startsWith('/dev/')) furnishOne(root, ['file', file]);
  },
  tap: (root, name) => {
    if (isInterfaceName(name) && !isThere(path.join(root, '.host/if', name))) makeTap(writer(root), name);
  },
  ppt: (root, device) => {
    const address = /^ppt\d+$/.test(device) ? `${200 + Number(device.slice(3))}/0/0` : device;
    const isForm = /^\d+\/\d+\/\d+$/.test(address);
    if (!isForm || isThere(path.join(root, '.host/pci', address.replaceAll('/', ':')))) return;
    const count = fs.readdirSync(path.join(root, '.host/pci')).length;
    writePci(writer(root), address, address === device ? `ppt${100 + count}` : device, '');
  },
  pin: (root, cpu) => {
    raise(root, 'hw.ncpu', Number(cpu) + 1);
  },
  cpus: (root, count) => {
    raise(root, 'hw.vmm.maxcpu', Number(count));
  },
};
/** Kinds of a plan's steps that are made as another one. @type {Record<string, string>} */
const ALIASES = { node: 'file', rom: 'file', vars: 'file', socket: 'parent', unix: 'parent' };

/** @param {string} root */
function writer(root) {
  return (/** @type {string} */ name, /** @type {string} */ text) => {
    fs.writeFileSync(path.join(root, name), text);
  };
}

/** @param {string} root @param {string} file */
function makeParent(root, file) {
  fs.mkdirSync(path.dirname(placeOf(root, file)), { recursive: true });
}

/** A number that the kernel tells, where it tells it. @param {string} root @param {string} name @param {number} least */
function raise(root, name, least) {
  const file = path.join(root, '.host/sysctl', name);
  if (fs.existsSync(file) && Number(fs.readFileSync(file, 'utf8')) < least) fs.writeFileSync(file, `${least}\n`);
}

/** What no host can have either: bhyve or the launcher will say so. */
const HOPELESS = ['ENOTDIR', 'EEXIST', 'EISDIR', 'ENAMETOOLONG', 'EINVAL', 'ENOENT'];

/**
 * Makes one thing, where it is not there.
 * @param {string} root @param {Thing} thing
 */
function furnishOne(root, [kind = '', what = '', ...more]) {
  const name = ALIASES[kind] ?? kind;
  const make = FILES[name];
  try {
    if (make === undefined) {
      OTHERS[name]?.(root, what, more);
      return;
    }
    makeWay(root, what);
    if (!isThere(placeOf(root, what))) make(root, what, more);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && HOPELESS.includes(String(error.code)))) throw error;
  }
}

/** What stands before a `..` has to be there, too. @param {string} root @param {string} file */
function makeWay(root, file) {
  const parts = file.split('/');
  for (const [index, part] of parts.entries()) {
    const before = parts.slice(0, index).join('/');
    if (part === '..' && straightPath(before) !== '/') fs.mkdirSync(placeOf(root, before), { recursive: true });
  }
}

/** Where nobody says what the launcher makes itself: its folder of runs, which has the map of a loader. */
const RUNS = ['/var/run/bhyvec/'];
/** What is made where nobody says it. */
const HARMLESS = ['disk', 'file', 'node', 'directory', 'peer', 'map'];

/**
 * Takes the words of a loader or of bhyve, the program first. A command line that bhyve refuses names nothing.
 * @param {string} root @param {readonly string[]} words
 * @param {readonly string[]} [made] paths, folders that end in a slash and interfaces, which the launcher makes itself;
 * without it neither interfaces nor devices are made
 */
export function furnish(root, words, made) {
  const isMade = (/** @type {string} */ what) =>
    (made ?? RUNS).some((one) => one === what || (one.endsWith('/') && `${what}/`.startsWith(one)));
  // What bhyve reads may be the launcher's own: without a list nobody knows.
  const things = thingsIn(root, words, made === undefined ? () => true : isMade);
  furnishThings(
    root,
    things.filter(([kind = '', what = '']) => !isMade(what) && (made !== undefined || HARMLESS.includes(kind))),
  );
}

/** Makes what a list names. @param {string} root @param {readonly Thing[]} things */
export function furnishThings(root, things) {
  for (const thing of things) furnishOne(root, thing);
}

/** @param {string} root @param {readonly string[]} words @param {(what: string) => boolean} isMade @returns {readonly Thing[]} */
function thingsIn(root, words, isMade) {
  const loader = loaderOptions(words);
  if (loader !== undefined) {
    // The map of grub-bhyve names the device that it boots from.
    const device = loader.options.findLast(([letter]) => letter === 'r')?.[1].split(',')[0] ?? 'hd0';
    return loaderNames(loader).map(([kind, what]) => (kind === 'map' ? [kind, what, device] : [kind, what]));
  }
  const { rel, arch } = readFacts(root);
  const target = hostTarget(rel, arch, root);
  const { read } = target;
  /** @type {Thing[]} */
  const files = [];
  // What bhyve is to read and nobody has is empty; what the launcher makes is not there yet.
  target.read = (file) => {
    const name = Buffer.from(file, 'latin1').toString();
    const found = read(file);
    if (found === undefined && !isMade(name)) files.push(['file', name]);
    return found ?? '';
  };
  try {
    const plan = makePlan(words.slice(1).map((word) => Buffer.from(word).toString('latin1')), target); // prettier-ignore
    const steps = plan.steps.map((step) => step.map((word) => Buffer.from(word, 'latin1').toString()));
    return [...files, ...steps, ['cpus', String(plan.facts['plan_cpus'])]];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return files;
  }
}
