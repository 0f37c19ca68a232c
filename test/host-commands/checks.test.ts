/** Each check of `bhyvec host validate`: each way to miss it, with its level and cure. */
import { describe, expect, test } from 'vitest';
import { plain } from '../../src/diagnostics/render.ts';
import { readInterfaces } from '../../src/host/probing/system-texts.ts';
import { paths, type Observed } from '../../src/host/validation/observed.ts';
import { renderFindings } from '../../src/host/validation/render.ts';
import { isFit, validateHost } from '../../src/host/validation/validate.ts';
import { find, good, network, shown, sysctls, without } from './good-host.ts';

test('a good host passes every check', () => {
  const findings = validateHost(good);
  expect(findings.filter(({ result }) => result !== 'pass')).toEqual([]);
  expect(findings.slice(0, 4).map(({ subject }) => subject)).toEqual([
    'for vmm module',
    'for if_tuntap module',
    'for if_bridge module',
    'for nmdm module',
  ]);
  expect(isFit(findings)).toBe(true);
  expect(new Set(findings.map(({ id }) => id)).size).toBe(findings.length);
});

test('the four checks of libvirt are always made, in order', () => {
  const nothing = { modules: new Set<string>(), cloners: new Set<string>() };
  const four = validateHost({ ...good, ...nothing }).slice(0, 4);
  expect(four.map(({ id, result }) => [id, result])).toEqual([
    ['vmm-module', 'fail'],
    ['tap-module', 'warn'],
    ['bridge-module', 'warn'],
    ['nmdm-module', 'warn'],
  ]);
});

const load = (name: string): string => `now: kldload ${name} | boot: ${name}_load="YES" in /boot/loader.conf`;

describe('modules', () => {
  test.each<[string, string, Partial<Observed>]>([
    [
      'vmm-module',
      `FAIL vmm module is not loaded, will not be able to start VMs | ${load('vmm')}`,
      { modules: without(good.modules, 'vmm'), isVmmLinked: false },
    ],
    [
      'vmm-module',
      'FAIL vmm module is loaded, but does not work: the processor cannot run guests | setup: see the check for CPU virtualization; dmesg says what vmm missed',
      { modules: without(good.modules, 'vmm') },
    ],
    [
      'tap-module',
      `WARN if_tuntap module is not loaded, networking will not work | ${load('if_tuntap')}`,
      { cloners: without(good.cloners, 'tap') },
    ],
    [
      'bridge-module',
      `WARN if_bridge module is not loaded, bridged networking will not work | ${load('if_bridge')}`,
      { cloners: without(good.cloners, 'bridge') },
    ],
    [
      'nmdm-module',
      `WARN nmdm module is not loaded, nmdm console will not work | ${load('nmdm')}`,
      { modules: without(good.modules, 'nmdm') },
    ],
    [
      'nmdm-module',
      'WARN nmdm module is not loaded, nmdm console will not work | setup: this kernel comes without nmdm.ko: install one that has it',
      { modules: without(good.modules, 'nmdm'), moduleFiles: new Set(['vmm']) },
    ],
    [
      'nmdm-module',
      'WARN nmdm module is not loaded, nmdm console will not work | boot: nmdm_load="YES" in /boot/loader.conf | setup: reboot: at securelevel 1 no module can be loaded',
      { modules: without(good.modules, 'nmdm'), ...sysctls(['kern.securelevel', '1']) },
    ],
    [
      'nmdm-module',
      'WARN nmdm module is not loaded, nmdm console will not work | setup: on the host of this jail: kldload nmdm',
      { modules: without(good.modules, 'nmdm'), ...sysctls(['security.jail.jailed', '1']) },
    ],
  ])('%s: %s', (id, expected, host) => {
    expect(shown(host, id)).toBe(expected);
  });

  test('if ifconfig names no cloners, modules count', () => {
    expect(shown({ cloners: null }, 'tap-module')).toBe('PASS');
    expect(shown({ cloners: null, modules: without(good.modules, 'if_tuntap') }, 'tap-module')).toMatch(/^WARN/);
    expect(shown({ cloners: null, modules: without(good.modules, 'if_bridge') }, 'bridge-module')).toMatch(/^WARN/);
  });

  test.each<[string, Partial<Observed>, string]>([
    ['12.4 with if_tap', { modules: new Set(['if_tap']), moduleFiles: new Set(['if_tap']) }, 'if_tap'],
    ['12.4 with if_tuntap', { modules: new Set(['if_tuntap']) }, 'if_tuntap'],
    ['12.4 that could load if_tuntap', { modules: new Set(), moduleFiles: new Set(['if_tuntap']) }, 'if_tuntap'],
    ['12.4 that could load if_tap', { modules: new Set(), moduleFiles: new Set(['if_tap']) }, 'if_tap'],
  ])('%s', (_, host, name) => {
    const old = { ...host, version: { major: 12, minor: 4 }, cloners: null };
    expect(find(old, 'tap-module')?.subject).toBe(`for ${name} module`);
    expect(find(old, 'tap-module')?.result).toBe(host.modules?.size === 0 ? 'warn' : 'pass');
  });

  test('a module without its control device is no working vmm', () => {
    const deaf = sysctls(['hw.vmm.create', undefined]);
    const bare = { ...deaf, files: without(good.files, paths.vmmControl) };
    expect(shown(bare, 'vmm-module')).toMatch(/^FAIL vmm module is loaded, but the sysctl hw.vmm.create is missing/);
    const on15 = { ...bare, version: { major: 15, minor: 0 } };
    expect(shown(on15, 'vmm-module')).toMatch(/^FAIL vmm module is loaded, but \/dev\/vmmctl is missing/);
    const jailed = { ...bare, ...sysctls(['hw.vmm.create', undefined], ['security.jail.jailed', '1']) };
    expect(shown(jailed, 'vmm-module')).toContain('allow.vmm');
    expect(shown(bare, 'cpu-virtualization')).toMatch(/^FAIL vmm could not take the processor over/);
    expect(shown(deaf, 'vmm-module')).toBe('PASS');
  });
});

describe('programs and files', () => {
  test.each<[string, Partial<Observed>, RegExp]>([
    ['bhyve', { programs: without(good.programs, 'bhyve') }, /^FAIL it is not there, will not be able to start VMs/],
    ['bhyvectl', { programs: without(good.programs, 'bhyvectl') }, /^FAIL it is not there/],
    ['bhyveload', { programs: without(good.programs, 'bhyveload') }, /^WARN it is not there, FreeBSD guests/],
    ['bhyveload', { files: without(good.files, paths.userboot) }, /^WARN its loader \/boot\/userboot.so/],
    ['grub-bhyve', { programs: without(good.programs, 'grub-bhyve') }, /^NOTE .*now: pkg install grub2-bhyve$/],
    ['swtpm', { programs: without(good.programs, 'swtpm') }, /^NOTE .*Windows 11.*now: pkg install swtpm$/],
    ['uefi-firmware', { files: without(good.files, paths.firmware) }, /^WARN .*now: pkg install edk2-bhyve$/],
    ['uefi-variables', { files: without(good.files, paths.variables) }, /^NOTE .*boot entries/],
    ['u-boot', { arch: 'arm64', files: new Set() }, /^WARN .*now: pkg install u-boot-bhyve-arm64$/],
    ['libslirp', { version: { major: 15, minor: 0 }, files: new Set() }, /^NOTE .*now: pkg install libslirp$/],
  ])('%s is missing', (id, host, expected) => {
    expect(shown(host, id)).toMatch(expected);
    expect(shown({ ...host, files: good.files, programs: good.programs }, id)).toBe('PASS');
  });

  test('what a release or an architecture has not is not asked for', () => {
    for (const id of ['bhyveload', 'grub-bhyve', 'uefi-firmware']) expect(shown({ arch: 'arm64' }, id)).toBeNull();
    expect(shown({}, 'libslirp')).toBeNull();
    expect(shown({ version: { major: 13, minor: 1 } }, 'uefi-variables')).toBeNull();
    expect(shown({ version: { major: 14, minor: 2 } }, 'swtpm')).toBeNull();
  });
});

describe('the network', () => {
  const on = (text: string): Partial<Observed> => ({ interfaces: readInterfaces(text) });
  test.each<[string, string, RegExp]>([
    [
      'down',
      network.replace('vmbr0: flags=8843<UP>', 'vmbr0: flags=8802<X>'),
      /^WARN it is down.*now: ifconfig vmbr0 up$/,
    ],
    ['uplink down', network.replace('em0: flags=8843<UP>', 'em0: flags=1<X>'), /^WARN its uplink em0 is down/],
    ['MTU', network.replace('<UP> mtu 1500', '<UP> mtu 9000'), /^WARN its MTU is 1500, that of its member em0 is 9000/],
    [
      'address',
      network.replace('mtu 1500', 'mtu 1500\n\tinet 192.0.2.1'),
      /^NOTE its member em0 has the address 192.0.2.1/,
    ],
    ['no uplink', network.replace('\tmember: em0 flags=1\n', ''), /^NOTE it has no uplink.*ifconfig vmbr0 addm em0$/],
  ])('a bridge: %s', (_, text, expected) => {
    expect(shown(on(text), 'bridge:vmbr0')).toMatch(expected);
  });

  const addressed = network.replace('mtu 1500', 'mtu 1500\n\tinet 192.0.2.1');
  const variable = 'net.link.bridge.member_ifaddrs';
  test.each<[string, number, string | undefined, string, RegExp]>([
    [
      '14',
      14,
      undefined,
      addressed,
      /^NOTE its member em0 has the address 192.0.2.1, which FreeBSD 15.0 and later refuse \|/,
    ],
    [
      '15',
      15,
      '0',
      addressed,
      /^WARN .*, which FreeBSD 15 refuses: it cannot join again \| setup: move .* from em0 to vmbr0/,
    ],
    [
      '15 with the variable',
      15,
      '1',
      addressed,
      /^NOTE .*, which net.link.bridge.member_ifaddrs allows, and FreeBSD 16 refuses/,
    ],
    ['16', 16, undefined, addressed, /^WARN .*, which FreeBSD 16 refuses/],
    ['16.0-CURRENT that has the variable still', 16, '1', addressed, /^NOTE .*allows, and FreeBSD 16 refuses/],
    ['17', 17, undefined, addressed, /^WARN .*, which FreeBSD 17 refuses/],
    [
      'IPv6 on a tap',
      16,
      undefined,
      network.replace('\tgroups: tap', '\tgroups: tap\n\tinet6 2001:db8::1 prefixlen 64'),
      /^WARN its member tap0 has the address 2001:db8::1,/,
    ],
    [
      'two members',
      16,
      undefined,
      addressed.replace('\tgroups: tap', '\tgroups: tap\n\tinet 192.0.2.9'),
      /192.0.2.1 \(and 1 more of .*from em0 to vmbr0.*from tap0 to vmbr0/,
    ],
    ['link-local', 16, undefined, network.replace('mtu 1500', 'mtu 1500\n\tinet6 fe80::1%em0 prefixlen 64'), /^PASS$/],
    ['of the bridge itself', 16, undefined, `${network}\n\tinet 192.0.2.1`, /^PASS$/],
    ['of no member', 16, undefined, `${network}\nem1: flags=8843<UP> mtu 1500\n\tinet 192.0.2.1`, /^PASS$/],
    [
      'that an MTU does not hide',
      16,
      undefined,
      addressed.replace('<UP> mtu 1500', '<UP> mtu 9000'),
      /^WARN its member em0/,
    ],
  ])('addresses of members of a bridge: %s', (_, major, value, text, expected) => {
    const host = { ...on(text), ...sysctls([variable, value]), version: { major, minor: 0 } };
    expect(shown(host, 'bridge:vmbr0')).toMatch(expected);
  });

  test('the variable that lets members have addresses is gone in 16', () => {
    const at = (major: number, value: string | undefined, text = network): string | null =>
      shown({ ...on(text), ...sysctls([variable, value]), version: { major, minor: 0 } }, 'bridge-member-addresses');
    expect(at(14, undefined)).toBeNull();
    expect(at(16, undefined)).toBeNull();
    expect(at(15, '0')).toBe('PASS');
    expect(at(15, '1')).toBe(
      'NOTE it is 1: FreeBSD 16 has it no more, and members of bridges may have no addresses there | now: sysctl net.link.bridge.member_ifaddrs=0 | boot: net.link.bridge.member_ifaddrs=0 in /etc/sysctl.conf',
    );
    expect(at(15, '1', addressed)).toContain(' | setup: first move the addresses of members to their bridges | now: ');
  });

  test('no bridge', () => {
    const text = 'igb3: flags=8843<UP> mtu 1500\n\tinet 192.0.2.1 netmask 0xffffff00\n';
    expect(shown(on(text), 'bridges')).toBe(
      'NOTE there is none, bridged interfaces of guests need one | now: ifconfig bridge0 create up && ifconfig bridge0 addm igb3 | boot: sysrc cloned_interfaces+="bridge0" ifconfig_bridge0="addm igb3 up"',
    );
    expect(shown({ ...on(text), version: { major: 15, minor: 0 } }, 'bridges')).toContain(
      'first move the address of igb3',
    );
    expect(shown({ interfaces: null }, 'bridges')).toBe('NOTE not checked: ifconfig gave no answer');
  });

  test('sysctls', () => {
    expect(shown(sysctls(['net.link.tap.up_on_open', '0']), 'tap-up-on-open')).toMatch(
      /^NOTE .*in \/etc\/sysctl.conf$/,
    );
    expect(shown(sysctls(['net.link.tap.up_on_open', undefined]), 'tap-up-on-open')).toMatch(/^NOTE not checked/);
    const filtered = sysctls(['net.link.bridge.pfil_member', '1']);
    expect(shown(filtered, 'bridge-filter')).toMatch(/^NOTE pf sees .*now: sysctl net.link.bridge.pfil_member=0/);
    expect(shown({ ...filtered, modules: without(good.modules, 'pf') }, 'bridge-filter')).toBeNull();
  });
});

test('resource limits', () => {
  expect(shown(sysctls(['kern.racct.enable', '0']), 'racct')).toMatch(
    /^NOTE it is switched off.*kern.racct.enable=1 in/,
  );
  expect(shown(sysctls(['kern.racct.enable', undefined]), 'racct')).toMatch(/^NOTE this kernel has no RACCT/);
  expect(shown({ programs: without(good.programs, 'rctl') }, 'racct')).toMatch(/^NOTE rctl is not there/);
});

test('root and folders', () => {
  expect(shown({ isRoot: false }, 'root')).toMatch(/^WARN /);
  const folder = (state: 'not-a-folder' | 'not-writable'): Partial<Observed> => {
    return { folders: [{ path: '/var/db/x', purpose: 'logs', state }] };
  };
  expect(shown(folder('not-a-folder'), 'folder:/var/db/x')).toMatch(/^FAIL \/var\/db\/x: a file is in the way/);
  expect(shown(folder('not-writable'), 'folder:/var/db/x')).toMatch(/^FAIL \/var\/db\/x cannot be written to/);
  expect(shown({ ...folder('not-writable'), isRoot: false }, 'folder:/var/db/x')).toMatch(/^NOTE not checked/);
});

test('every miss says what to do, and only failures make a host unfit', () => {
  const poor: Observed = {
    ...good,
    modules: new Set(),
    cloners: new Set(),
    programs: new Set(),
    files: new Set(),
    pptDevices: [],
    sysctls: new Map([['kern.racct.enable', '0']]),
  };
  const misses = validateHost(poor).filter(({ message }) => message !== null && !message.startsWith('not checked'));
  expect(misses.length).toBeGreaterThan(10);
  expect(misses.filter(({ cures }) => cures.length === 0)).toEqual([]);
  expect(isFit(validateHost(poor))).toBe(false);
  expect(isFit(validateHost({ ...good, cloners: new Set(), isRoot: false }))).toBe(true);
});

test('colours are for results, and what comes from the host cannot move the cursor', () => {
  const mark =
    (name: string) =>
    (text: string): string =>
      `<${name}>${text}</${name}>`;
  const palette = { ...plain, green: mark('g'), red: mark('r'), yellow: mark('y'), blue: mark('b') };
  const findings = validateHost({
    ...good,
    modules: without(good.modules, 'vmm', 'nmdm'),
    interfaces: readInterfaces('x\u001b[2J: flags=8802<X> mtu 1500\n\tgroups: bridge\n'),
    programs: without(good.programs, 'grub-bhyve'),
  });
  const text = renderFindings(findings, palette);
  for (const word of ['<g>PASS</g>', '<r>FAIL</r> (vmm', '<y>WARN</y> (nmdm', '<b>NOTE</b> (it is not there']) {
    expect(text).toContain(word);
  }
  expect(text).toContain('for bridge x\\x1b[2J');
});
