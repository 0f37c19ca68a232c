/** Texts of FreeBSD's commands to facts. */
import { describe, expect, test } from 'vitest';
import { namedNetworks, namedPools } from '../../src/host/probing/places.ts';
import { archOf, runningRelease } from '../../src/host/probing/running-release.ts';
import {
  isUplink,
  readAcpiTables,
  readBootMessages,
  readCloners,
  readInterfaces,
  readPptDevices,
  readSysctls,
} from '../../src/host/probing/system-texts.ts';

const ifconfig = `igb0: flags=1008943<UP,BROADCAST,RUNNING,PROMISC,SIMPLEX,MULTICAST,LOWER_UP> metric 0 mtu 9000
\tdescription: member: of nothing
\toptions=48420b8<VLAN_MTU,VLAN_HWTAGGING>
\tether 00:25:90:00:00:01
\tinet 192.0.2.10 netmask 0xffffff00 broadcast 192.0.2.255
\tinet6 fe80::225:90ff:fe00:1%igb0 prefixlen 64 scopeid 0x1
\tinet6 2001:db8::10 prefixlen 64
\tmedia: Ethernet autoselect (1000baseT <full-duplex>)
\tstatus: active
vm-public: flags=8802<BROADCAST,SIMPLEX,MULTICAST> metric 0 mtu 1500
\tether 58:9c:fc:00:00:02
\tid 00:00:00:00:00:00 priority 32768 hellotime 2 fwddelay 15
\tmember: tap3 flags=143<LEARNING,DISCOVER,AUTOEDGE,AUTOPTP>
\t        ifmaxaddr 0 port 5 priority 128 path cost 2000000
\tmember: igb0.20 flags=143<LEARNING,DISCOVER,AUTOEDGE,AUTOPTP>
\tgroups: bridge vm-switch viid-4c918@
lo0: flags=8049<UP,LOOPBACK,RUNNING,MULTICAST> metric 0 mtu 16384
\tinet 127.0.0.1 netmask 0xff000000
\tgroups: lo
`;

describe('ifconfig -a', () => {
  const interfaces = readInterfaces(ifconfig);

  test('interfaces with what is needed of them', () => {
    expect(interfaces.map(({ name, isUp, mtu }) => [name, isUp, mtu])).toEqual([
      ['igb0', true, 9000],
      ['vm-public', false, 1500],
      ['lo0', true, 16384],
    ]);
    expect(interfaces[0]).toMatchObject({ addresses: ['192.0.2.10', '2001:db8::10'], isBridge: false, members: [] });
    expect(interfaces[1]).toMatchObject({ members: ['tap3', 'igb0.20'], isBridge: true });
  });

  test('what leads out of the host', () => {
    expect(['igb0', 'igb0.20', 'lagg0', 'vlan7', 'ix1'].filter((name) => !isUplink(name, interfaces))).toEqual([]);
    const others = ['tap3', 'vmnet1', 'epair0a', 'lo0', 'vm-public', 'bridge1', 'tun0', 'wg0'];
    expect(others.filter((name) => isUplink(name, interfaces))).toEqual([]);
  });

  test.each(['', 'nonsense', '\n\n\t\n', 'ifconfig: no such thing\n'])('%j is no interface', (text) => {
    expect(readInterfaces(text)).toEqual([]);
  });
});

test('ifconfig -C', () => {
  expect([...readCloners('bridge lo tap\nvlan\n')]).toEqual(['bridge', 'lo', 'tap', 'vlan']);
});

test('sysctl -e', () => {
  expect([...readSysctls('kern.hostname=a=b\nhw.vmm.create=\nnonsense\n=x\n')]).toEqual([
    ['kern.hostname', 'a=b'],
    ['hw.vmm.create', ''],
  ]);
});

test('pciconf -l', () => {
  const text = [
    'hostb0@pci0:0:0:0:\tclass=0x060000',
    'ppt0@pci0:2:0:0:\tclass=0x020000 vendor=0x8086',
    'ppt11@pci0:2:0:1:\tclass=0x020000',
    'pptx@pci0:3:0:0:\tclass=0',
    'xppt0@pci0:4:0:0:\tclass=0',
  ].join('\n');
  expect(readPptDevices(text)).toEqual(['pci0:2:0:0', 'pci0:2:0:1']);
});

test('acpidump -t', () => {
  const text =
    '/*\n  FACP: Length=276, Revision=6,\n */\n/*\n  DMAR: Length=136, Revision=1\n */\n\tOEMID: Length of it\n';
  expect([...readAcpiTables(text)]).toEqual(['FACP', 'DMAR']);
});

describe('the boot messages', () => {
  const intel = '  Features=0xbfebfbff<FPU>\n  Features2=0x7ffafbff<SSE3,VMX>\n  VT-x: PAT,HLT,MTF,PAUSE,EPT,UG,VPID\n';
  const amd = '  Features2=0x7ed8320b<SSE3>\n  SVM: NP,NRIP,VClean,AFlush,NAsids=32768\n';
  test('of Intel and AMD', () => {
    expect(readBootMessages(intel)).toMatchObject({ virtualisation: 'intel', isDescribed: true });
    expect(readBootMessages(intel).features).toContain('UG');
    expect(readBootMessages(amd)).toMatchObject({ virtualisation: 'amd', isDescribed: true });
    expect(readBootMessages(amd).features).toContain('NP');
  });

  test('without virtualisation, and without a processor', () => {
    expect(readBootMessages('  Features2=0x1<SSE3>\n')).toMatchObject({ virtualisation: null, isDescribed: true });
    expect(readBootMessages('em0: link state changed to UP\n')).toMatchObject({ isDescribed: false });
  });
});

describe('the release', () => {
  test.each([
    ['14.3-RELEASE', '14.3'],
    ['14.3-RELEASE-p12\n', '14.3'],
    ['15.1-RELEASE', '15.1'],
    ['11.0-RELEASE', '11.0'],
    ['16.0-CURRENT', 'main'],
  ])('%j is known', (text, release) => {
    expect(runningRelease(text, 'amd64')).toEqual({ release, note: null });
  });

  test.each([
    ['14.3-STABLE', '14.3'],
    ['15.0-BETA3', '15.0'],
    ['14.9-RELEASE', '14.4'],
    ['15.7-RELEASE', '15.1'],
    ['12.9-RELEASE', '12.4'],
    ['17.2-RELEASE', 'main'],
  ])('%j is taken for %s, with a note', (text, release) => {
    expect(runningRelease(text, 'amd64')).toMatchObject({ release, note: expect.stringContaining(text) as string });
  });

  test.each([
    ['10.4-RELEASE', 'amd64', 'older than 11.0'],
    ['6.1.0-13-amd64', 'amd64', 'is not understood'],
    ['', 'amd64', 'is not understood'],
    ['14.3-RELEASE', 'arm64', 'bhyve runs on arm64 from 15.0'],
  ] as const)('%j on %s cannot be described', (text, arch, reason) => {
    expect(runningRelease(text, arch)).toContain(reason);
  });

  test('architectures', () => {
    expect(['amd64', 'aarch64\n', 'arm64', 'riscv64', ''].map(archOf)).toEqual(['amd64', 'arm64', 'arm64', null, null]);
  });
});

describe('names for bridges', () => {
  const bridge = (name: string, ...members: readonly string[]): string =>
    `${name}: flags=8843<UP> mtu 1500\n${members.map((member) => `\tmember: ${member} flags=1\n`).join('')}\tgroups: bridge\n`;
  const named = (...bridges: readonly string[]): ReturnType<typeof namedNetworks> =>
    namedNetworks(readInterfaces(bridges.join('')));

  test('the only bridge is the default, with or without an uplink', () => {
    expect(Object.fromEntries(named(bridge('bridge0')).names)).toEqual({ bridge0: 'bridge0', default: 'bridge0' });
  });

  test('the first of many with an uplink is the default; numbers count by value', () => {
    const { names, notes } = named(bridge('bridge10', 'em1'), bridge('bridge2', 'em0'), bridge('vm-lab', 'tap0'));
    expect(Object.fromEntries(names)).toEqual({
      bridge2: 'bridge2',
      bridge10: 'bridge10',
      'vm-lab': 'vm-lab',
      lab: 'vm-lab',
      default: 'bridge2',
    });
    expect(notes).toEqual(['the network "default" is bridge2, the first bridge with an uplink']);
  });

  test('a switch of that name is the default', () => {
    expect(named(bridge('vm-default', 'em0'), bridge('a0', 'em1')).names.get('default')).toBe('vm-default');
  });

  test('none', () => {
    expect(named().notes).toEqual(['no bridge was found: "networks" is empty']);
    expect(named(bridge('bridge0'), bridge('bridge1')).names.has('default')).toBe(false);
  });
});

describe('names for zpools', () => {
  const named = (zpools: string, volumes = ''): Record<string, string> =>
    Object.fromEntries([...namedPools(zpools, volumes).names].map(([name, pool]) => [name, pool.target]));

  test('zpools, and datasets that volumes lie in', () => {
    expect(named('zroot\ntank\n', 'tank/vm/a\ntank/vm/b\nzroot/vm/c\nzroot/swap\n')).toEqual({
      tank: 'tank',
      zroot: 'zroot',
      vm: 'tank/vm',
      'zroot-vm': 'zroot/vm',
    });
  });

  test('the default is the only place that there is', () => {
    expect(named('zroot\n')).toEqual({ zroot: 'zroot', default: 'zroot' });
    expect(named('zroot\ntank\n', 'tank/vm/a\n')).toMatchObject({ default: 'tank/vm' });
    expect(named('zroot\ntank\n')).not.toHaveProperty('default');
    expect(named('')).toEqual({});
  });
});
