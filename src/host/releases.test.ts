/** Spot checks of the table of releases against the manual pages, and what must hold for every row. */
import { describe, expect, test } from 'vitest';
import { furtherCapabilities, libvirtFlags } from './capabilities.ts';
import { availability, capabilities, capabilitiesOf, doubtsOf, facts, isSince, releases } from './releases.ts';
import { factsOf } from './release-facts.ts';
import { targetProfile } from './targets.ts';

describe('first releases on amd64', () => {
  test.each([
    ['rtc-utc', '11.0'],
    ['ahci-ports', '11.1'],
    ['e1000', '11.1'],
    ['virtio-console', '11.2'],
    ['vnc-password', '11.2'],
    ['cpu-topology', '12.0'],
    ['nvme', '12.0'],
    ['virtio-scsi', '12.0'],
    ['fbuf-vga', '12.0'],
    ['error-exit-status', '12.0'],
    ['destroy-on-poweroff', '12.2'],
    ['block-nodelete', '12.2'],
    ['ahci-identity', '12.2'],
    ['nvme-dsm', '12.2'],
    ['hda', '13.0'],
    ['virtio-9p', '13.0'],
    ['com3', '13.0'],
    ['long-names', '13.0'],
    ['tuntap', '13.0'],
    ['config-file', '13.1'],
    ['config-option', '13.1'],
    ['nvme-block-options', '13.1'],
    ['bootvars', '13.2'],
    ['passthru-rom', '13.2'],
    ['keyboard-layout', '13.2'],
    ['many-vcpus', '13.2'],
    ['smbios', '13.2'],
    ['virtio-blk-serial', '13.2'],
    ['fwcfg', '14.0'],
    ['tpm-passthru', '14.0'],
    ['tpm-swtpm', '14.3'],
    ['acpi-default', '15.0'],
    ['numa', '15.0'],
    ['bootrom-keys', '15.0'],
    ['slirp', '15.0'],
    ['tcp-console', '15.0'],
    ['vnc-unix', '15.1'],
    ['monitor', 'main'],
    ['slirp-open', 'main'],
  ] as const)('%s came with %s', (capability, first) => {
    for (const release of releases) {
      const expected = isSince(release, first);
      expect(availability(capability, release, 'amd64') === 'yes', release).toBe(expected);
    }
  });

  test.each([
    ['acpi-option', '14.4'],
    ['bridge-member-addresses', '14.4'],
  ] as const)('%s is gone after %s', (capability, last) => {
    expect(availability(capability, last, 'amd64')).toBe('yes');
    expect(availability(capability, '15.0', 'amd64')).toBe('no');
    expect(availability(capability, 'main', 'amd64')).toBe('no');
  });
});

test.each([
  ['cpu-topology', '11.3'],
  ['bootindex', '14.3'],
  ['fbuf-large', '14.0'],
  ['slirp', '14.1'],
  ['tcp-console', '14.4'],
  ['numa', '14.4'],
  ['tpm-passthru', '13.5'],
  ['smbios', '13.1'],
  ['tuntap', '12.2'],
  ['slirp-open', '15.1'],
] as const)('%s is uncertain in %s and counts as absent', (capability, release) => {
  expect(availability(capability, release, 'amd64')).toBe('unknown');
  expect(capabilitiesOf(release, 'amd64').has(capability)).toBe(false);
  expect(doubtsOf(release, 'amd64')).toContain(capability);
});

test('the table has a row for every capability, and nothing else', () => {
  const named = [...Object.keys(libvirtFlags), ...furtherCapabilities];
  expect([...capabilities].toSorted()).toEqual(named.toSorted());
});

test('every doubt is about releases before the first certain one, and says why absence is safe', () => {
  for (const capability of capabilities) {
    const { amd64, doubt } = facts[capability];
    if (doubt === null || amd64 === null) continue;
    expect(doubt.releases.length, capability).toBeGreaterThan(0);
    for (const release of doubt.releases) expect(isSince(release, amd64.since), capability).toBe(false);
    expect(`${doubt.known}${doubt.choice}`, capability).not.toMatch(/[.]$/);
  }
});

describe('arm64', () => {
  test('there is nothing before 15.0', () => {
    expect(capabilitiesOf('14.4', 'arm64').size).toBe(0);
  });

  test('devices of the PC are absent', () => {
    for (const capability of ['fbuf', 'com3', 'passthru', 'rtc-utc', 'acpi-default', 'numa', 'bootvars'] as const) {
      expect(availability(capability, '15.1', 'arm64'), capability).toBe('no');
    }
  });

  test('common devices and options are there', () => {
    for (const capability of ['nvme', 'ahci-ports', 'config-file', 'bootrom', 'cpu-topology', 'hda'] as const) {
      expect(availability(capability, '15.0', 'arm64'), capability).toBe('yes');
    }
  });
});

describe('facts', () => {
  const factsOfTarget = (name: string): ReturnType<typeof factsOf> => {
    const profile = targetProfile(name);
    if (profile === null) throw new Error(name);
    return factsOf(profile);
  };

  test('the limit of 16 vCPUs ends after 13.1', () => {
    expect(factsOfTarget('freebsd-13.1').vcpuLimit).toBe(16);
    expect(factsOfTarget('freebsd-13.2').vcpuLimit).toBeNull();
  });

  test('names are short through 12.4', () => {
    expect(factsOfTarget('freebsd-12.4').nameLimit).toBe(31);
    expect(factsOfTarget('freebsd-13.0').nameLimit).toBe(229);
  });

  test('ACPI is on request, then the default, and never on arm64', () => {
    expect(factsOfTarget('freebsd-14.3').acpi).toBe('on-request');
    expect(factsOfTarget('freebsd-15.0').acpi).toBe('default');
    expect(factsOfTarget('freebsd-15.0-arm64')).toMatchObject({ acpi: 'none', powerButton: false, fbufMaximum: null });
  });

  test('the tap module has two names while it is uncertain', () => {
    expect(factsOfTarget('freebsd-12.0').tapModules).toEqual(['if_tap']);
    expect(factsOfTarget('freebsd-12.3').tapModules).toEqual(['if_tuntap', 'if_tap']);
    expect(factsOfTarget('freebsd-13.0').tapModules).toEqual(['if_tuntap']);
  });

  test('pictures grow with 15.0', () => {
    expect(factsOfTarget('freebsd-14.4').fbufMaximum).toEqual({ width: 1920, height: 1200 });
    expect(factsOfTarget('freebsd-15.0').fbufMaximum).toEqual({ width: 3840, height: 2160 });
  });

  test('a host without a release has no facts that only the release could tell', () => {
    const host = { release: null, arch: 'amd64', capabilities: new Set(['many-vcpus'] as const) } as const;
    expect(factsOf(host)).toMatchObject({ vcpuLimit: null, errorStatus: 1, vmmControl: null, bridgeFilters: null });
    expect(factsOf(host).tapModules).toEqual(['if_tuntap', 'if_tap']);
  });

  test('what changed with 12.0, 14.0 and 15.0', () => {
    expect(factsOfTarget('freebsd-11.0').errorStatus).toBe(1);
    expect(factsOfTarget('freebsd-12.0').errorStatus).toBe(4);
    expect(factsOfTarget('freebsd-13.5').bridgeFilters).toBe(true);
    expect(factsOfTarget('freebsd-14.0').bridgeFilters).toBe(false);
    expect(factsOfTarget('freebsd-14.4').vmmControl).toBe(false);
    expect(factsOfTarget('freebsd-main').vmmControl).toBe(true);
  });
});
