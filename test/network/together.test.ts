/** Networks beside each other and beside guests: what they cannot share, and what a build makes of them. */
import { expect, test } from 'vitest';
import { emitBuild } from '../../src/backends/emit.ts';
import { readManifest } from '../../src/backends/known-manifest.ts';
import { checkGuests } from '../../src/compile/compile.ts';
import { compileText, networkPlan, optionsFor } from './networks.ts';

const net = (name: string, inner: string): string => `<network><name>${name}</name>${inner}</network>`;
const ip = (address: string, prefix = 24): string => `<ip address='${address}' prefix='${String(prefix)}'/>`;
const port = "<metadata><b:portForward xmlns:b='https://bhyvec.org/xmlns/network/1.0' port='22' to='TO'/></metadata>";

/** Codes with the place of each. */
function clashes(...texts: readonly string[]): readonly string[] {
  return clashesOn(undefined, ...texts);
}

function clashesOn(target: string | undefined, ...texts: readonly string[]): readonly string[] {
  const plans = texts.map((text) => networkPlan(text, target));
  return checkGuests([], optionsFor(), plans).map(
    ({ code, span }) => `${code} ${span.source.text.slice(span.start, span.end)}`,
  );
}

test.each([
  ['one name', [net('a', ''), net('a', '')], ['BV0910 <network>']],
  ['names of one service', [net('a-b', ''), net('a.b', '')], ['BV0910 <network>']],
  ['one bridge', [net('a', "<bridge name='x0'/>"), net('b', "<bridge name='x0'/>")], ['BV0911 x0']],
  [
    'a bridge that is there already, for two',
    [net('a', "<forward mode='bridge'/><bridge name='x0'/>"), net('b', "<forward mode='bridge'/><bridge name='x0'/>")],
    [],
  ],
  [
    'a bridge that is there already and made',
    [net('a', "<forward mode='bridge'/><bridge name='x0'/>"), net('b', "<bridge name='x0'/>")],
    ['BV0911 x0'],
  ],
  ['one subnet', [net('a', ip('10.0.0.1')), net('b', ip('10.0.0.2'))], ['BV0912 10.0.0.2']],
  ['a subnet in another one', [net('a', ip('10.0.0.1', 8)), net('b', ip('10.9.0.1'))], ['BV0912 10.9.0.1']],
  ['subnets side by side', [net('a', ip('10.0.0.1', 25)), net('b', ip('10.0.0.129', 25))], []],
  [
    'a route into another one',
    [net('a', ip('10.1.0.1')), net('b', `${ip('10.2.0.1')}<route address='10.1.0.0' prefix='24' gateway='10.2.0.9'/>`)],
    ['BV0912 10.1.0.0'],
  ],
  [
    'one member',
    [net('a', "<forward mode='bridge' dev='em1'/>"), net('b', "<forward mode='bridge' dev='em1'/>")],
    ['BV0913 em1'],
  ],
  [
    'a bridge as a member',
    [net('a', "<bridge name='x0'/>"), net('b', "<forward mode='bridge' dev='x0'/>")],
    ['BV0913 x0'],
  ],
  [
    'one port of the host',
    [
      net('a', `${port.replace('TO', '10.0.0.9')}<forward/>${ip('10.0.0.1')}`),
      net('b', `${port.replace('TO', '10.1.0.9')}<forward/>${ip('10.1.0.1')}`),
    ],
    ['BV0914 22'],
  ],
])('%s', (_, texts, expected) => {
  expect(clashes(...texts)).toEqual(expected);
});

test('what is a member of a bridge leads nowhere else, from the release on whose members have no address', () => {
  const texts = [
    net('out', "<forward mode='nat' dev='em1'/>" + ip('10.0.0.1')),
    net('lan', "<forward mode='bridge' dev='em1'/><bridge name='x0'/>"),
    net('by', "<forward mode='nat' dev='x0'/>" + ip('10.1.0.1')),
  ];
  expect(clashes(...texts)).toEqual(['BV0916 em1']);
  expect(clashesOn('freebsd-14.3', ...texts)).toEqual([]);
});

test('VLANs of one interface are apart, and none of one that is in a bridge itself', () => {
  const on = (dev: string, tag?: number): string =>
    `<forward mode='bridge' dev='${dev}'/>${tag === undefined ? '' : `<vlan><tag id='${String(tag)}'/></vlan>`}`;
  const old = (...inner: readonly string[]): readonly string[] =>
    clashesOn('freebsd-14.3', ...inner.map((one, i) => net(`n${String(i)}`, one)));
  expect(old(on('igb0', 20), on('igb0', 30), on('igb1', 20))).toEqual([]);
  expect(old(on('igb0', 20), on('igb0', 20))).toEqual(['BV0913 igb0']);
  expect(old(on('igb0', 20), on('igb0'))).toEqual(['BV0913 igb0']);
});

const guest = (
  name: string,
): string => `<domain type='bhyve'><name>${name}</name><memory unit='GiB'>1</memory><vcpu>1</vcpu>
  <os><type>hvm</type></os><devices>
  <disk type='file' device='disk'><source file='/vm/g.img'/><target dev='vda' bus='virtio'/></disk>
  <interface type='network'><mac address='58:9c:fc:00:00:01'/><source network='lab'/><model type='virtio'/></interface>
  </devices></domain>`;
const lab = networkPlan(net('lab', ip('10.77.0.1')));
const networks = new Map([['lab', lab]]);

test('a guest cannot be called as the folder of networks', () => {
  const { plan } = compileText(guest('networks'), { networks });
  expect(checkGuests(plan === null ? [] : [plan], optionsFor(), [lab]).map(({ code }) => code)).toEqual(['BV0915']);
  expect(checkGuests(plan === null ? [] : [plan], optionsFor()).map(({ code }) => code)).toEqual([]);
});

test.each([
  ['made by its network', net('lab', ip('10.77.0.1')), []],
  ['of somebody else', net('lab', "<forward mode='bridge'/><bridge name='x0'/>"), ['BV0946']],
])('a profile has to name a bridge only where it is there before: %s', (_, text, expected) => {
  const plan = networkPlan(text);
  const { plan: web } = compileText(guest('web'), { networks: new Map([['lab', plan]]) });
  const options = optionsFor();
  const host = { ...options.host, bridges: ['bridge7'] };
  expect(checkGuests(web === null ? [] : [web], { ...options, host }, [plan]).map(({ code }) => code)).toEqual(
    expected,
  );
});

test('of a network with a mistake nothing more is said at its guests', () => {
  const { diagnostics } = compileText(guest('web'), { networks: new Map([['lab', null]]) });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
});

test('a build has a folder for each network, and its manifest knows their files', () => {
  const { plan } = compileText(guest('web'), { networks });
  const files = emitBuild(plan === null ? [] : [plan], String, undefined, [lab]);
  const manifest = files.at(-1)?.text ?? '';
  const own = files.map(({ path }) => path).filter((name) => name.startsWith('networks/'));
  expect(own).toEqual([
    'networks/lab/net',
    'networks/lab/rc.d/bhyvec_net_lab',
    'networks/lab/pf.conf',
    'networks/lab/dnsmasq.conf',
  ]);
  const known = readManifest(manifest);
  expect(
    'files' in known ? known.files.map(({ path }) => path).filter((name) => name.startsWith('networks/')) : [],
  ).toEqual(own);
  expect(JSON.parse(manifest)).toMatchObject({
    networks: { lab: { bridge: 'brlab0', service: 'bhyvec_net_lab', source: 'net.xml' } },
  });
});
