/** The built-in targets, their names and suggestions, the page about them, and profiles as text. */
import { describe, expect, test } from 'vitest';
import { createReporter } from '../diagnostics/reporter.ts';
import type { HostProfile } from './profile.ts';
import { readHostProfile } from './read.ts';
import { listTargets, showProfile } from './show.ts';
import { targetsPage } from './targets-page.ts';
import { defaultTarget } from './default-target.ts';
import { builtInTargets, suggestTarget, targetProfile, type Defaults } from './targets.ts';

function profileOf(name: string, defaults?: Defaults): HostProfile {
  const profile = targetProfile(name, defaults);
  if (profile === null) throw new Error(name);
  return profile;
}

/** The text read back, which must be without any finding. */
function readBack(text: string): HostProfile | null {
  const reporter = createReporter({ strict: true });
  const profile = readHostProfile({ name: 'host.json', text }, reporter);
  expect(reporter.diagnostics).toEqual([]);
  return profile;
}

describe('targets', () => {
  test('names', () => {
    const names = builtInTargets.map((target) => target.name);
    expect(names).toContain('freebsd-11.0');
    expect(names).toContain('freebsd-main');
    expect(names.filter((name) => name.endsWith('-arm64'))).toEqual([
      'freebsd-15.0-arm64',
      'freebsd-15.1-arm64',
      'freebsd-main-arm64',
    ]);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain(defaultTarget);
  });

  test('an unknown name has no profile', () => {
    expect(targetProfile('freebsd-14.9')).toBeNull();
    expect(targetProfile('')).toBeNull();
  });

  test.each([
    ['14.3', 'freebsd-14.3'],
    ['FreeBSD-14.3-RELEASE', 'freebsd-14.3'],
    ['14.3-RELEASE-p2', 'freebsd-14.3'],
    ['fredbsd-14.3', 'freebsd-14.3'],
    ['15.1-aarch64', 'freebsd-15.1-arm64'],
    ['main', 'freebsd-main'],
    ['freebsd-man', 'freebsd-main'],
    ['linux', null],
    ['freebsd-99.9', null],
    ['', null],
  ])('%s suggests %s', (wrong, right) => {
    expect(suggestTarget(wrong)).toBe(right);
  });

  test('the defaults of libvirt are other directories and ports', () => {
    expect(profileOf('freebsd-14.3')).toMatchObject({
      nvramDirectory: '/var/db/bhyvec/nvram',
      stateDirectory: '/var/run/bhyvec',
      vncPorts: { first: 5900, last: 5999 },
      loaderTimeout: { seconds: 300, killSeconds: 15 },
    });
    expect(profileOf('freebsd-14.3', 'libvirt')).toMatchObject({
      nvramDirectory: '/var/lib/libvirt/bhyve/nvram',
      stateDirectory: '/var/run/libvirt/bhyve',
      vncPorts: { first: 5900, last: 65535 },
      firmware: { directory: '/usr/local/share/uefi-firmware' },
    });
  });

  test('the list names the default and what is uncertain', () => {
    const lines = listTargets();
    expect(lines).toHaveLength(builtInTargets.length);
    expect(lines.find((line) => line.name === defaultTarget)?.note).toMatch(/^default/);
    expect(lines.find((line) => line.name === 'freebsd-14.3')).toMatchObject({
      uncertain: ['bootindex', 'tcp-console', 'slirp', 'fbuf-large'],
      note: '4 uncertain: bootindex, tcp-console, slirp, fbuf-large',
    });
    expect(lines.find((line) => line.name === 'freebsd-main')?.uncertain).toEqual([]);
  });

  test('the page about targets is the table', async () => {
    await expect(targetsPage()).toMatchFileSnapshot('../../docs/targets.md');
  });
});

describe('a profile as text', () => {
  test.each(builtInTargets.map((target) => target.name))('%s is read back equal', (name) => {
    for (const defaults of ['bhyvec', 'libvirt'] as const) {
      const profile = profileOf(name, defaults);
      expect(readBack(showProfile(profile))).toEqual(profile);
    }
  });

  test('all fields are read back, awkward names too', () => {
    const profile: HostProfile = {
      ...profileOf('freebsd-14.3'),
      name: 'odd-1.host_x',
      capabilities: new Set([...profileOf('freebsd-14.3').capabilities, 'slirp', 'monitor', 'rctl'] as const),
      privileged: false,
      firmware: { directory: '/a b/"c"', files: ['B.fd', 'a\u00e9.fd'], uboot: '/u', ubootExists: false },
      loaderTimeout: { seconds: 0, killSeconds: 86400 },
      networks: new Map([
        ['default', 'bridge0'],
        ['10', 'vm-public'],
        ['__proto__', 'bridge2'],
        ['2', 'bridge1'],
      ]),
      pools: new Map([
        ['vms', { type: 'zfs', target: 'zroot/vm' }],
        ['constructor', { type: 'dir', target: '/vm' }],
      ]),
      vncPorts: { first: 1, last: 65535 },
    };
    expect(readBack(showProfile(profile))).toEqual(profile);
  });

  test('a profile without a release lists its capabilities', () => {
    const profile: HostProfile = {
      ...profileOf('freebsd-14.3'),
      name: 'host',
      release: null,
      capabilities: new Set(['nvme', 'bootrom'] as const),
    };
    expect(showProfile(profile)).toContain('"capabilities": ["bootrom", "nvme"]');
    expect(readBack(showProfile(profile))).toEqual(profile);
  });

  test('the order in which a profile was made does not show', () => {
    const one = { ...profileOf('freebsd-15.1'), networks: new Map(Object.entries({ b: 'b0', a: 'a0' })) };
    const other = { ...profileOf('freebsd-15.1'), networks: new Map(Object.entries({ a: 'a0', b: 'b0' })) };
    expect(showProfile(one)).toBe(showProfile(other));
  });
});
