/** What a build tells of its volumes: those that are new, another size, or gone; what is on the host is changed by none of it. */
import { expect, test } from 'vitest';
import { emitBuild } from '../../src/backends/emit.ts';
import { objectOf, textOf } from '../../src/changes/show.ts';
import { volumeChanges } from '../../src/cli/commands/volume-changes.ts';
import { directory, made, volume, zfs, type Documents } from './storage.ts';

const tank = zfs('tank', 'zroot/vm');

/** The manifest of a build of these documents. */
function manifestOf(documents: Documents): ReturnType<typeof emitBuild>[number] {
  const { findings, plans, storage } = made(documents);
  if (findings.length > 0) throw new Error(findings.join('\n'));
  const manifest = emitBuild(plans, () => '0'.repeat(64), undefined, [], storage).at(-1);
  if (manifest === undefined) throw new Error('there is no manifest');
  return manifest;
}

function changes(before: Documents | null, after: Documents): ReturnType<typeof volumeChanges> {
  const old = before === null ? null : { text: manifestOf(before).text, bytes: new Uint8Array(), mode: 0o644 };
  return volumeChanges({ write: [{ file: manifestOf(after), before: old }], remove: [], keep: [], folders: [] });
}

const shown = (before: Documents | null, after: Documents): readonly string[] => {
  return textOf({ guests: [], networks: [], volumes: changes(before, after) })
    .trimEnd()
    .split('\n');
};

test('new volumes, and an image', () => {
  const iso = "<target><format type='iso'/></target>";
  expect(shown(null, { a: tank, b: volume('root', 'tank'), c: volume('x.iso', 'tank', iso) })).toEqual([
    '+ volume tank/root',
    '    + a new volume, /dev/zvol/zroot/vm/root, 67108864 bytes: create-volumes makes it where it is not there  [host only]',
    '+ volume tank/x.iso',
    '    + a new image, /dev/zvol/zroot/vm/x.iso, 67108864 bytes: it has to be put there  [host only]',
    '2 volumes: 2 host only',
  ]);
});

test('another size, another pool of that place, another way to make it, and one that is gone', () => {
  const before = {
    a: tank,
    b: volume('size', 'tank'),
    c: volume('way', 'tank'),
    d: volume('gone', 'tank'),
    e: volume('same', 'tank'),
  };
  const after = {
    a: zfs('lake', 'zroot/vm'),
    b: volume('size', 'lake', '', 128),
    c: volume('way', 'lake', '<allocation>0</allocation>'),
    e: volume('same', 'lake'),
  };
  expect(shown(before, after)).toEqual([
    '- volume tank/gone',
    '    - no document has /dev/zvol/zroot/vm/gone any more: what is there stays  [host only]',
    '~ volume lake/same',
    '    ~ name: tank/same becomes lake/same  [host only]',
    '~ volume lake/size',
    '    ~ size: 67108864 bytes becomes 134217728: create-volumes resizes nothing that is there  [host only]',
    '~ volume lake/way',
    '    ~ name: tank/way becomes lake/way  [host only]',
    '    ~ made, where it is not there, by: zfs create -V 67108864 -o volmode=dev zroot/vm/way becomes zfs create -s -V 67108864 -o volmode=dev zroot/vm/way  [host only]',
    '4 volumes: 4 host only',
  ]);
});

test('what stays is counted; without volumes nothing is said of any', () => {
  const same = { a: directory('media', '/srv'), b: volume('x', 'media') };
  expect(shown(same, same)).toEqual(['1 volume: 1 nothing to do']);
  expect(changes({ a: tank }, { a: tank })).toEqual([]);
  expect(objectOf([{ host: null, guests: [], networks: [], volumes: [] }])).toEqual({
    version: 1,
    changed: false,
    guests: [],
    networks: [],
  });
  expect(objectOf([{ host: null, guests: [], networks: [], volumes: changes(null, same) }])).toMatchObject({
    changed: true,
    volumes: [{ host: null, volume: 'media/x', kind: 'added', degree: 'host-only' }],
  });
});
