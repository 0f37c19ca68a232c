/** Pools and volumes beside each other and beside guests: where disks are, and what cannot be together on one host. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../../scripts/bundling.mjs';
import { emitBuild } from '../../src/backends/emit.ts';
import { readManifest } from '../../src/backends/known-manifest.ts';
import { manifestShape } from '../../src/backends/manifest-shape.ts';
import { expandOperands } from '../../src/documents/inputs.ts';
import { othersOf, readResources } from '../../src/documents/resources.ts';
import { check } from '../../src/text/shape.ts';
import { directory, guest, made, onVolume, volume, zfs, type Documents } from './storage.ts';

const tank = zfs('tank', 'zroot/vm');
const media = directory('media', '/srv/media');

const clashes: readonly (readonly [string, Documents, readonly string[]])[] = [
  ['pools and volumes side by side', { a: tank, b: media, c: volume('x', 'tank'), d: volume('x', 'media') }, []],
  ['two pools of one name', { a: tank, b: zfs('tank', 'fast') }, ["b BV0930 <pool type='zfs'>"]],
  [
    'two pools of one UUID',
    {
      a: zfs('a', 'one', '<uuid>b1c0a3d6-8a2e-4a8e-9a0c-0f6d0f4a7f11</uuid>'),
      b: zfs('b', 'two', '<uuid>B1C0A3D68A2E4A8E9A0C0F6D0F4A7F11</uuid>'),
    },
    ["b BV0930 <pool type='zfs'>"],
  ],
  ['two pools in one directory', { a: media, b: directory('b', '/srv//media/') }, ['b BV0931 /srv//media/']],
  [
    'a directory that is a dataset',
    { a: tank, b: directory('b', '/dev/zvol/zroot/vm') },
    ['b BV0931 /dev/zvol/zroot/vm'],
  ],
  ['a pool in a pool', { a: tank, b: zfs('b', 'zroot/vm/b') }, ['b BV0932 zroot/vm/b']],
  ['a pool around a pool', { a: media, b: directory('b', '/srv') }, ['b BV0932 /srv']],
  ['names that begin alike', { a: media, b: directory('b', '/srv/media2') }, []],
  ['two volumes of one name', { a: tank, b: volume('x', 'tank'), c: volume('x', 'tank') }, ['c BV0933 <volume>']],
  [
    'volumes that reserve too much',
    {
      a: zfs('tank', 'zroot/vm', "<capacity unit='MiB'>100</capacity>"),
      b: volume('x', 'tank'),
      c: volume('y', 'tank'),
      d: volume('z', 'tank', '<allocation>0</allocation>', 4096),
    },
    ["a BV0934 <pool type='zfs'>"],
  ],
  [
    'volumes that fit',
    {
      a: zfs('tank', 'zroot/vm', "<capacity unit='MiB'>128</capacity>"),
      b: volume('x', 'tank'),
      c: volume('y', 'tank'),
    },
    [],
  ],
  [
    'a disk of two guests, by volume and by path',
    {
      a: tank,
      b: guest('one', onVolume('tank', 'x')),
      c: guest(
        'two',
        "<disk type='block' device='disk'><source dev='/dev/zvol/zroot/vm/x'/><target dev='vda' bus='virtio'/></disk>",
      ),
    },
    ['c BV0904 /dev/zvol/zroot/vm/x'],
  ],
  [
    'a disk twice in a guest, by volume and by path',
    {
      a: media,
      b: guest(
        'one',
        onVolume('media', 'x.img'),
        "<disk type='file' device='disk'><source file='/srv/media/x.img'/><target dev='vdb' bus='virtio'/></disk>",
      ),
    },
    ['b BV1510 /srv/media/x.img'],
  ],
  [
    'a guest of the name of the script',
    { a: tank, b: volume('x', 'tank'), c: guest('create-volumes', onVolume('tank', 'x')) },
    ["c BV0847 <domain type='bhyve'>"],
  ],
];

test.each(clashes)('%s', (_, documents, expected) => {
  expect(made(documents).findings).toEqual(expected);
});

describe('which pool a volume is in', () => {
  const bare = (more: string, name = 'x'): string =>
    `<volume><name>${name}</name><capacity unit='MiB'>64</capacity>${more}</volume>`;
  const at = (path: string): string => `<target><path>${path}</path></target>`;
  const pathsOf = (documents: Documents): readonly string[] => {
    const { findings, storage } = made(documents);
    return [...findings, ...storage.volumes.map(({ path }) => path)];
  };

  test.each([
    ['the only one', { a: tank, b: bare('') }, ['/dev/zvol/zroot/vm/x']],
    ['that of its path', { a: tank, c: media, b: bare(at('/srv/media/x')) }, ['/srv/media/x']],
    ['that of its path, written otherwise', { a: tank, c: media, b: bare(at('/srv//media/./x')) }, ['/srv/media/x']],
    ['in the root', { a: directory('root', '/'), b: bare('') }, ['/x']],
    [
      'the name comes before the path',
      { a: tank, c: media, b: volume('x', 'tank', at('/srv/media/x')) },
      ['b BV2557 /srv/media/x'],
    ],
    ['a folder deeper', { c: media, b: bare(at('/srv/media/deeper/x')) }, ['b BV2557 /srv/media/deeper/x']],
    ['none of two', { a: tank, c: media, b: bare(at('/elsewhere/x')) }, ['b BV2556 x']],
    ['documents in any order', { b: bare(''), a: tank }, ['/dev/zvol/zroot/vm/x']],
  ])('%s', (_, documents, expected) => {
    expect(pathsOf(documents)).toEqual(expected);
  });

  test('of a pool or a volume with a mistake nothing more is said at guests', () => {
    const broken = "<pool type='dir'><name>tank</name></pool>";
    expect(made({ a: broken, b: volume('x', 'tank'), c: guest('g', onVolume('tank', 'x')) }).findings).toEqual([
      'a BV2553 dir',
    ]);
    const empty = '<volume><name>x</name><capacity>0</capacity></volume>';
    expect(made({ a: tank, b: empty, c: volume('y', 'tank'), d: guest('g', onVolume('tank', 'x')) }).findings).toEqual([
      'b BV2559 0',
    ]);
  });
});

test.each([
  ['13.5', '8192'],
  ['14.3', '16384'],
  ['main', '16384'],
])('the block of a zvol on FreeBSD %s is %s bytes', (release, block) => {
  const odd = `<volume><name>x</name><capacity>${String(8192 * 3)}</capacity></volume>`;
  const { findings, storage } = made({ a: tank, b: odd }, `freebsd-${release}`);
  expect(storage.volumes.map(({ capacity }) => capacity)).toEqual([block === '8192' ? 24_576n : 32_768n]);
  expect(findings.map((one) => one.slice(0, 8))).toEqual(block === '8192' ? [] : ['b BV2560']);
});

test('in the dialect of libvirt a volume is where it is in ours', () => {
  const { findings, plans } = made({ a: tank, b: guest('g', onVolume('tank', 'x')) }, undefined, {
    dialect: 'libvirt',
  });
  expect(findings.filter((one) => !one.includes('BV13') && !one.includes('BV03'))).toEqual([]);
  expect(JSON.stringify(plans.map(({ steps }) => steps))).toContain('/dev/zvol/zroot/vm/x');
});

test('the manifest knows volumes and the script', () => {
  const { plans, storage } = made({ a: tank, b: volume('x', 'tank'), c: guest('g', onVolume('tank', 'x')) });
  const files = emitBuild(plans, () => '0'.repeat(64), undefined, [], storage);
  const text = files.at(-1)?.text ?? '';
  const read = check(manifestShape, JSON.parse(text));
  expect(read.ok && read.value.volumes).toEqual({
    '/dev/zvol/zroot/vm/x': {
      pool: 'tank',
      name: 'x',
      source: 'b',
      bytes: '67108864',
      how: 'zfs create -V 67108864 -o volmode=dev zroot/vm/x',
    },
  });
  expect(read.ok && [read.value.target, read.value.release]).toEqual(['freebsd-15.1', '15.1']);
  const known = readManifest(text);
  expect('files' in known && known.files.map(({ path }) => path)).toContain('create-volumes');
  // A build of pools alone is for their host, too.
  const [manifest] = emitBuild([], () => '0'.repeat(64), undefined, [], { ...storage, volumes: [] });
  expect(manifest?.text).toContain('"target": "freebsd-15.1",\n  "release": "15.1"');
  // Without volumes there is no trace of them.
  expect(
    emitBuild(plans, () => '0'.repeat(64)).some(
      ({ path, text: file }) => path === 'create-volumes' || file.includes('"volumes"'),
    ),
  ).toBe(false);
});

test('the documents of examples/volumes have no mistake, and a volume for each disk of their guests', () => {
  const folder = path.join(root, 'examples/volumes');
  const names = readdirSync(folder).filter((name) => name.endsWith('.xml'));
  const { findings, plans, storage } = made(
    Object.fromEntries(names.map((name) => [name, readFileSync(path.join(folder, name), 'utf8')])),
    undefined,
    { strict: true },
  );
  expect(findings).toEqual([]);
  const disks = plans.flatMap(({ steps }) => steps.flatMap((step) => (step.kind === 'file' ? step.path : [])));
  expect(disks).toEqual(expect.arrayContaining(storage.volumes.map(({ path: file }) => file)));
});

test('beside some documents of a host stand all others that are no guests', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-storage-'));
  try {
    const texts = {
      'g.xml': guest('g', onVolume('tank', 'x')),
      'p.xml': tank,
      'v.xml': volume('x', 'tank'),
      'z.xml': 'no XML',
    };
    for (const [name, text] of Object.entries(texts)) writeFileSync(path.join(folder, name), text);
    const inputs = await expandOperands([path.join(folder, 'g.xml'), path.join(folder, 'v.xml')]);
    const others = await othersOf(inputs, [`${folder}/*.xml`, path.join(folder, 'gone.xml')]);
    const found = await readResources(others);
    expect(found.map(({ input }) => path.basename(input.name))).toEqual(['p.xml']);
    expect(await othersOf(inputs)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
