/**
 * A device is found under one name: that of its element in frontend/elements, frontend/schema and passes/lower, that of
 * bhyve in ir/emulations. What two elements or models share has the name of one of them, or of both.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../scripts/bundling.mjs';
import { emulations } from '../../src/ir/emulations/index.ts';
import { filesBelow } from './tree.ts';

/** Where several elements are one device to bhyve, or one file of facts: the name of the file. */
const shared: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'src/frontend/elements': {
    ...{ serial: 'character', console: 'character', channel: 'character' },
    ...{ graphics: 'display', video: 'display', audio: 'sound' },
  },
  'src/frontend/schema': { serial: 'character', console: 'character', channel: 'character', audio: 'sound' },
  // Channels are ports of virtio-serial controllers; mouse, tablet and USB controllers are one xhci.
  'src/passes/lower': {
    ...{ console: 'serial', channel: 'controller', input: 'usb' },
    ...{ graphics: 'display', video: 'display', audio: 'sound' },
  },
  'src/ir/emulations': { 'virtio-net': 'network', e1000: 'network' },
};

/** Whether a folder has the file of a name, or of its plural. */
function has(folder: string, name: string): boolean {
  const file = shared[folder]?.[name] ?? name;
  const end = folder === 'src/frontend/schema' ? 'rng' : 'ts';
  return [file, `${file}s`].some((one) => existsSync(path.join(root, folder, `${one}.${end}`)));
}

/** The elements that the frontend reads as devices. */
function elements(): readonly string[] {
  const text = readFileSync(path.join(root, 'src/frontend/elements/devices.ts'), 'utf8');
  return [...text.matchAll(/\b(?:named|all)\('(\w+)', read/g)].map(([, name = '']) => name);
}

test('an element has its name in each folder', () => {
  const names = elements();
  expect(names.length).toBeGreaterThan(14);
  const folders = ['src/frontend/elements', 'src/frontend/schema', 'src/passes/lower'];
  const missing = names.flatMap((name) =>
    folders.filter((folder) => !has(folder, name)).map((folder) => `${folder}: ${name}`),
  );
  expect(missing).toEqual([]);
});

test('an emulation has the name that bhyve gives it', () => {
  expect(emulations.map(({ kind }) => kind).filter((kind) => !has('src/ir/emulations', kind))).toEqual([]);
});

test('what is shared is there, and nothing has a file of its own beside it', () => {
  const files = new Set(filesBelow('src'));
  for (const [folder, names] of Object.entries(shared))
    for (const name of Object.keys(names)) {
      expect([folder, name, has(folder, name)]).toEqual([folder, name, true]);
      expect([folder, name, files.has(`${folder}/${name}.ts`)]).toEqual([folder, name, false]);
    }
});
