/** A host's answers to its profile: every release, and hosts that are not like their release. */
import { describe, expect, test } from 'vitest';
import { createReporter } from '../../src/diagnostics/reporter.ts';
import type { Answer } from '../../src/host/probing/answer.ts';
import { probedProfile, type Probed } from '../../src/host/probing/probed-profile.ts';
import { deviceList, deviceWords, questionsFor, usageWords } from '../../src/host/probing/questions.ts';
import { readInterfaces } from '../../src/host/probing/system-texts.ts';
import { readHostProfile } from '../../src/host/read.ts';
import { capabilitiesOf, type Release } from '../../src/host/releases.ts';
import { showProfile } from '../../src/host/show.ts';
import { builtInTargets } from '../../src/host/targets.ts';
import type { Arch } from '../../src/host/profile.ts';
import { bhyveAnswer } from './standing.ts';

const missing: Answer = { status: null, out: '', err: '', problem: 'missing' };
const grubHelp: Answer = { status: 0, out: '  -c, --cons-dev=TTY\n', err: '', problem: null };

/** What a host says that is called `release` and runs the bhyve of `bhyve`. */
function hostOf(release: Release, arch: Arch, bhyve: string = release): Probed {
  const ask = (words: readonly string[]): readonly [string, Answer] => [
    words.join(' '),
    bhyveAnswer(bhyve, arch, words),
  ];
  const devices = ask(deviceWords);
  const questions = questionsFor(arch, deviceList(devices[1]));
  const [major = 0] = release === 'main' ? [16] : release.split('.').map(Number);
  return {
    running: { release, note: null },
    arch,
    bhyve: new Map([ask(usageWords), devices, ...questions.map(({ words }) => ask(words))]),
    grub: grubHelp,
    sysctls: new Map([['kern.racct.enable', '0']]),
    modules: new Set(major >= 13 ? ['if_tuntap'] : []),
    moduleFiles: new Set(),
    hasRctl: true,
    interfaces: [],
    zfs: null,
    firmware: { directory: '/usr/local/share/uefi-firmware', files: ['BHYVE_UEFI_VARS.fd', 'BHYVE_UEFI.fd'] },
    hasUboot: arch === 'arm64',
  };
}

function readBack(text: string): unknown {
  const reporter = createReporter({ strict: false });
  const profile = readHostProfile({ name: 'host.json', text }, reporter);
  expect(reporter.diagnostics).toEqual([]);
  return profile;
}

describe('the bhyve of each release gives the built-in target of that release', () => {
  // The stand-in's main on arm64 is 15.0's: the reference has no option letters of it.
  const targets = builtInTargets.filter(({ release, arch }) => !(release === 'main' && arch === 'arm64'));
  test.each(targets)('$name', ({ release, arch }) => {
    const { profile, notes } = probedProfile(hostOf(release, arch));
    expect([...profile.capabilities].toSorted()).toEqual([...capabilitiesOf(release, arch)].toSorted());
    const text = showProfile(profile, notes);
    expect(readBack(text)).toEqual(profile);
    expect(showProfile(probedProfile(hostOf(release, arch)).profile, notes)).toBe(text);
  });
});

describe('what bhyve answers counts more than the table', () => {
  test('a newer bhyve on an older release', () => {
    const { profile, notes } = probedProfile(hostOf('13.0', 'amd64', '15.0'));
    const found = [...profile.capabilities];
    expect(found).toEqual(expect.arrayContaining(['config-file', 'bootvars', 'numa', 'fwcfg', 'acpi-default']));
    expect(found).not.toContain('acpi-option');
    expect(notes.join('\n')).toMatch(/has what the table does not count to FreeBSD 13.0: .*numa.*acpi-default/);
    expect(notes).toContain('this host lacks what FreeBSD 13.0 has: acpi-option');
  });

  test('an older bhyve on a newer release', () => {
    const found = probedProfile(hostOf('15.1', 'amd64', '12.4')).profile.capabilities;
    for (const gone of ['config-file', 'numa', 'hda', 'virtio-9p', 'com3', 'tpm-passthru', 'keyboard-layout'] as const)
      expect(found, gone).not.toContain(gone);
  });

  test('a device that was left out of the build', () => {
    const host = hostOf('14.3', 'amd64');
    const list = host.bhyve.get('-s help')?.out.replace('nvme\n', '').replace('fbuf\n', '') ?? '';
    const bhyve = new Map([...host.bhyve, ['-s help', { status: 0, out: list, err: '', problem: null }] as const]);
    const { profile, notes } = probedProfile({ ...host, bhyve });
    expect(profile.capabilities).not.toContain('nvme');
    expect(notes).toContain('this host lacks what FreeBSD 14.3 has: fbuf, nvme');
  });
});

test('a question without an answer is left to the table and noted', () => {
  const host = hostOf('14.3', 'amd64');
  const slow: Answer = { status: null, out: '', err: '', problem: 'slow' };
  const bhyve = new Map([...host.bhyve].map(([words, answer]) => [words, words === '-D -h' ? slow : answer] as const));
  const { profile, notes } = probedProfile({ ...host, bhyve });
  expect(profile.capabilities).toEqual(capabilitiesOf('14.3', 'amd64'));
  expect(notes).toContain('no answer, so the table of releases decides: bhyve -D -h');
});

test('uncertain facts are absent, and said', () => {
  const { notes } = probedProfile(hostOf('14.3', 'amd64'));
  expect(notes).toContain(
    'FreeBSD 14.3 may have these, but bhyve cannot be asked: counted as absent: bootindex, tcp-console, slirp, fbuf-large',
  );
});

describe('loaders and kernel', () => {
  const base = hostOf('14.3', 'amd64');
  test('grub-bhyve that is not there, or is too old', () => {
    const without = probedProfile({ ...base, grub: missing });
    expect(without.profile.capabilities).not.toContain('grub-cons-dev');
    expect(without.notes).toContain('grub-bhyve is not installed: "grub-cons-dev" is absent');
    const old = probedProfile({ ...base, grub: { ...grubHelp, out: '  -r, --root=DEV\n' } });
    expect(old.profile.capabilities).not.toContain('grub-cons-dev');
  });

  test('resource limits need the tunable and the program', () => {
    const sysctls = new Map([['kern.racct.enable', '1']]);
    expect(probedProfile({ ...base, sysctls }).profile.capabilities).toContain('rctl');
    expect(probedProfile({ ...base, sysctls, hasRctl: false }).profile.capabilities).not.toContain('rctl');
  });

  test('addresses on members of a bridge', () => {
    const on15 = (value: string): ReadonlySet<string> => {
      const sysctls = new Map([['net.link.bridge.member_ifaddrs', value]]);
      return probedProfile({ ...hostOf('15.0', 'amd64'), sysctls }).profile.capabilities;
    };
    expect(on15('0')).not.toContain('bridge-member-addresses');
    expect(on15('1')).toContain('bridge-member-addresses');
  });

  test('vCPUs above 16, where vmm is loaded', () => {
    const old = hostOf('13.1', 'amd64');
    const sysctls = new Map([['hw.vmm.maxcpu', '64']]);
    expect(probedProfile({ ...old, sysctls }).profile.capabilities).toContain('many-vcpus');
    const modules = new Set(['vmm', 'if_tuntap']);
    expect(probedProfile({ ...base, modules }).profile.capabilities).not.toContain('many-vcpus');
  });

  test.each([
    [['if_tap'], [], false],
    [[], ['if_tuntap'], true],
    [['if_tuntap'], ['if_tap'], true],
    [[], [], false],
  ])('12.4 with the modules %j and the files %j', (modules, moduleFiles, expected) => {
    const host = { ...hostOf('12.4', 'amd64'), modules: new Set(modules), moduleFiles: new Set(moduleFiles) };
    expect(probedProfile(host).profile.capabilities.has('tuntap')).toBe(expected);
  });
});

describe('firmware', () => {
  test('files are sorted; hidden control characters are left out', () => {
    const firmware = { directory: '/usr/local/share/edk2-bhyve', files: ['b.fd', 'a.fd', 'x\ny', '..'] };
    const { profile } = probedProfile({ ...hostOf('14.3', 'amd64'), firmware });
    expect(profile.firmware).toMatchObject({ directory: '/usr/local/share/edk2-bhyve', files: ['a.fd', 'b.fd'] });
  });

  test('none at all', () => {
    const { profile, notes } = probedProfile({ ...hostOf('14.3', 'amd64'), firmware: null });
    expect(profile.firmware.files).toEqual([]);
    expect(notes).toContain('there is no directory of UEFI images: pkg install edk2-bhyve');
    expect(probedProfile({ ...hostOf('15.0', 'arm64'), hasUboot: false }).notes).toContain(
      'the U-Boot image is missing: pkg install u-boot-bhyve-arm64',
    );
  });
});

test('how much there is of the host is in its profile; what is no number is not', () => {
  const interfaces = readInterfaces('bridge0: flags=8843<UP>\n\tgroups: bridge\nem0: flags=8843<UP>\n');
  const sysctls = new Map([['hw.ncpu', '12'], ['hw.physmem', String(32 * 2 ** 30 - 5)]] as const); // prettier-ignore
  const { profile, notes } = probedProfile({ ...hostOf('14.3', 'amd64'), interfaces, sysctls });
  expect(profile).toMatchObject({ cpus: 12, memoryMib: 32_767, bridges: ['bridge0'] });
  expect(notes.join('\n')).toContain('"memoryMib" is all memory of the host');
  expect(readBack(showProfile(profile, notes))).toMatchObject({ cpus: 12, memoryMib: 32_767, bridges: ['bridge0'] });
  for (const odd of ['', '0', '-1', 'many', '1e99']) {
    const unknown = new Map([['hw.ncpu', odd], ['hw.physmem', odd]] as const); // prettier-ignore
    const one = probedProfile({ ...hostOf('14.3', 'amd64'), interfaces: null, sysctls: unknown });
    expect([odd, one.profile.cpus, one.profile.memoryMib, one.profile.bridges]).toEqual([odd, null, null, null]);
  }
});

test('names that a profile cannot hold do not spoil it', () => {
  const interfaces = readInterfaces(
    '-odd: flags=8843<UP>\n\tgroups: bridge\nbridge0: flags=8843<UP>\n\tgroups: bridge\n',
  );
  const zfs = { zpools: 'tank\n\u0085bad pool\n', volumes: 'tank/my vms/a\ntank/vm/a\n' };
  const sysctls = new Map([['kern.hostname', 'a host']]);
  const { profile, notes } = probedProfile({ ...hostOf('14.3', 'amd64'), interfaces, zfs, sysctls });
  expect(profile.name).toBe('freebsd-14.3');
  expect([...profile.networks]).toEqual([
    ['bridge0', 'bridge0'],
    ['default', 'bridge0'],
  ]);
  expect(profile.pools.get('default')).toEqual({ type: 'zfs', target: 'tank/vm' });
  expect(readBack(showProfile(profile, notes))).toMatchObject({ name: 'freebsd-14.3' });
});
