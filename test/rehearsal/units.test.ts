/** Which guests and networks of a build share a stand-in host. */
import { expect, test } from 'vitest';
import type { BuiltGuest, BuiltNetwork } from '../../src/rehearsal/manifest.ts';
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

test('the networks of guests that are chosen', () => {
  const all = [network('a'), network('b')];
  expect(networksOf([guest('web', 'brb0')], all).map(({ name }) => name)).toEqual(['b']);
});
