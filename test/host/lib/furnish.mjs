// Gives a host what the commands of a guest name and nobody has made: a user's own words (<bhyve:arg>, <bootloader_args>)
// may name files that no list of the guest's needs has.

import fs from 'node:fs';
import path from 'node:path';
import { Refusal } from './config-tree.mjs';
import { makeDisk, makeZvol } from './create.mjs';
import { hostTarget, makePlan } from './plan.mjs';
import { readFacts } from './records.mjs';

/** How each kind of thing is made, at a place below the root. @type {Record<string, (place: string, root: string) => void>} */
const MAKERS = {
  file: (place) => {
    fs.writeFileSync(place, '');
  },
  node: (place) => {
    fs.writeFileSync(place, '');
  },
  directory: (place) => {
    fs.mkdirSync(place);
  },
  // Nobody listens there: bhyve looks only whether it is a socket.
  peer: (place, root) => {
    fs.linkSync(path.join(root, '.host/socket'), place);
  },
};

/** Whether it had to be made. @param {string} root @param {string} kind @param {string} file as the guest's words name it */
function furnishOne(root, kind, file) {
  const place = path.join(root, file);
  if (!file.startsWith('/') || fs.existsSync(place)) return false;
  if (kind === 'disk') {
    if (file.startsWith('/dev/zvol/')) makeZvol(root, file);
    else makeDisk(root, file);
    return true;
  }
  const make = MAKERS[kind];
  if (make === undefined) return false;
  fs.mkdirSync(path.dirname(place), { recursive: true });
  make(place, root);
  return true;
}

/** What follows an option of a loader. @type {Record<string, string>} */
const LOADER_OPTIONS = { '-d': 'disk', '-h': 'directory', '-m': 'file', '-l': 'file' };

/**
 * Takes the words of a loader or of bhyve, the program first; a loader may stand behind a timeout(1). A command line that
 * bhyve refuses names nothing.
 * @param {string} root @param {readonly string[]} words
 */
export function furnish(root, words) {
  const loader = words.findIndex((word) => /(?:^|\/)(?:bhyveload|grub-bhyve)$/.test(word));
  if (loader >= 0) {
    const isMap = words[loader]?.endsWith('grub-bhyve') === true;
    // The map of grub-bhyve names the device that it boots from.
    const device = words[words.indexOf('-r') + 1]?.split(',')[0] ?? 'hd0';
    for (const [index, word] of words.entries()) {
      const kind = LOADER_OPTIONS[words[index - 1] ?? ''];
      if (index <= loader + 1 || kind === undefined || (kind === 'file' && !isMap)) continue;
      const isNew = furnishOne(root, kind, word);
      if (isNew && kind === 'file') {
        furnishOne(root, 'disk', '/vm/furnished.img');
        fs.writeFileSync(path.join(root, word), `(${device}) /vm/furnished.img\n`);
      }
    }
    return;
  }
  const { rel, arch } = readFacts(root);
  const bytes = words.slice(1).map((word) => Buffer.from(word).toString('latin1'));
  try {
    for (const [kind = '', file = ''] of makePlan(bytes, hostTarget(rel, arch, root)).steps) {
      furnishOne(root, kind, Buffer.from(file, 'latin1').toString());
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}
