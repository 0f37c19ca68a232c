/** Which guests and networks of a build share a stand-in host. */
import { expect, test } from 'vitest';
import type { BuiltGuest, BuiltNetwork, BuiltVolume } from '../../src/rehearsal/manifest.ts';
import { faultsOfMaking } from '../../src/rehearsal/rehearse-volumes.ts';
import { networksOf, unitsOf } from '../../src/rehearsal/units.ts';

const nothing = {
  ...{ memoryMib: 512, wired: false, vcpus: 1, cpuset: null, programs: [], limits: [], startAfter: [], modules: [] },
  ...{ bridges: [], taps: [], ports: [], files: [], directories: [], nvram: [], ppt: [], managedPpt: [], sockets: [] },
  nmdm: [],
};
const guest = (name: string, ...bridges: readonly string[]): BuiltGuest => ({
  ...{ name, source: 'x.xml', arch: 'amd64', onPoweroff: 'destroy', files: {} },
  takes: { ...nothing, bridges: [...bridges] },
});
const network = (name: string): BuiltNetwork => ({
  ...{ name, source: 'x.xml', bridge: `br${name}0`, service: name, files: {} },
  takes: { member: null, uplink: null, forwarding: [], anchors: [], dnsmasq: false },
});
const names = (guests: readonly BuiltGuest[], networks: readonly BuiltNetwork[]): readonly string[] =>
  unitsOf(guests, networks).map((unit) => [...unit.networks, ...unit.guests].map(({ name }) => name).join(' '));

test.each([
  ['nothing', [], [], []],
  ['a guest by itself, on a bridge of somebody else', [guest('web', 'bridge0')], [network('a')], ['web', 'a']],
  ['two guests without networks', [guest('web'), guest('db')], [], ['web', 'db']],
  [
    'two guests on one network',
    [guest('web', 'bra0'), guest('x'), guest('db', 'bra0')],
    [network('a')],
    ['a web db', 'x'],
  ],
  [
    'two networks that a router joins, whoever comes first',
    [guest('one', 'bra0'), guest('two', 'brb0'), guest('router', 'brb0', 'bra0')],
    [network('a'), network('b'), network('c')],
    ['a b one two router', 'c'],
  ],
])('%s', (_, guests, networks, expected) => {
  expect(names(guests, networks)).toEqual(expected);
});

const volume = (path: string, bytes: string): BuiltVolume => ({
  ...{ path, bytes, pool: 'p', name: 'v', source: 'x.xml', how: 'made' },
});

test('volumes have a host of their own, the first one', () => {
  const volumes = { name: 'create-volumes', all: [volume('/vm/a.img', '512')] } as const;
  const units = unitsOf([guest('web', 'bra0')], [network('a')], volumes);
  expect(units.map((unit) => [unit.volumes?.name ?? null, unit.guests.length, unit.networks.length])).toEqual([
    ['create-volumes', 0, 0],
    [null, 1, 1],
  ]);
  expect(unitsOf([], [], null)).toEqual([]);
});

test.each<[string, readonly string[], readonly string[]]>([
  [
    'all are made',
    ['+zroot/vm/root volume 4096 dev', '+dev/zvol/zroot/vm/root -> /dev/null', '+vm/a b.img 0600 512 da39a3ee5e6b'],
    [],
  ],
  ['none is made', [], ['-/vm/a b.img of 512 bytes', '-/dev/zvol/zroot/vm/root of 4096 bytes']],
  [
    'other sizes, and a node without a record',
    ['+dev/zvol/zroot/vm/root -> /dev/null', '+vm/a b.img 0600 511 -'],
    ['+vm/a b.img 0600 511 -', '-/vm/a b.img of 512 bytes', '-/dev/zvol/zroot/vm/root of 4096 bytes'],
  ],
  [
    'something is removed, and a draft stays',
    [
      ...['+zroot/vm/root volume 4096 dev', '+dev/zvol/zroot/vm/root -> /dev/null', '+vm/a b.img 0600 512 -'],
      ...['-zroot/vm/other volume 1 dev', '+vm/.a b.img.bhyvec-new.12 0600 512 -'],
    ],
    ['-zroot/vm/other volume 1 dev', '+vm/.a b.img.bhyvec-new.12 0600 512 -'],
  ],
])('what is not the making of volumes: %s', (_, changes, faults) => {
  expect(faultsOfMaking(changes, [volume('/vm/a b.img', '512'), volume('/dev/zvol/zroot/vm/root', '4096')])).toEqual(
    faults,
  );
});

test('the networks of guests that are chosen', () => {
  const all = [network('a'), network('b')];
  expect(networksOf([guest('web', 'brb0')], all).map(({ name }) => name)).toEqual(['b']);
});
