/** The checks of the processor, of vCPUs, and of pass-through. */
import { describe, expect, test } from 'vitest';
import { readBootMessages } from '../../src/host/probing/system-texts.ts';
import type { Observed } from '../../src/host/validation/observed.ts';
import { amd, good, shown, sysctls, without } from './good-host.ts';

describe('the processor, while vmm is not loaded', () => {
  const unloaded = {
    modules: without(good.modules, 'vmm'),
    isVmmLinked: false,
    ...sysctls(
      ['hw.vmm.vmx.initialized', undefined],
      ['hw.vmm.vmx.cap.unrestricted_guest', undefined],
      ['hw.vmm.maxcpu', undefined],
      ['hw.vmm.iommu.initialized', undefined],
      ['hw.vmm.create', undefined],
    ),
  };
  const boot = (text: string): Partial<Observed> => ({ ...unloaded, processor: readBootMessages(text) });

  test.each<[string, Partial<Observed>, RegExp]>([
    ['Intel', unloaded, /^PASS$/],
    ['AMD', { ...unloaded, processor: amd }, /^PASS$/],
    ['neither', boot('  Features2=0x1<SSE3>\n'), /^FAIL the processor offers neither VT-x nor AMD-V.*VT-x.*SVM mode/],
    ['Intel without EPT', boot(' Features2=0x1\n  VT-x: PAT,VPID\n'), /^FAIL the processor has VT-x without EPT/],
    ['AMD without NP', boot(' Features2=0x1\n  SVM: NRIP\n'), /^FAIL the processor has AMD-V without NP/],
    ['no messages', { ...unloaded, processor: null }, /^NOTE not checked: .*dmesg.boot.*now: kldload vmm/],
    ['other messages', boot('em0: link up\n'), /^NOTE not checked: /],
    ['arm64', { ...unloaded, arch: 'arm64' }, /^NOTE not checked: only vmm can tell/],
    ['a vmm that gave up', { ...unloaded, isVmmLinked: true }, /^FAIL vmm could not take the processor over/],
  ])('%s', (_, host, expected) => {
    expect(shown(host, 'cpu-virtualization')).toMatch(expected);
  });

  test('unrestricted guests are asked for on Intel only', () => {
    expect(shown(unloaded, 'unrestricted-guest')).toBe('PASS');
    expect(shown(boot('  VT-x: EPT\n'), 'unrestricted-guest')).toMatch(/^WARN the processor lacks it, UEFI/);
    expect(shown({ ...unloaded, processor: amd }, 'unrestricted-guest')).toBeNull();
    const told = sysctls(['hw.vmm.vmx.cap.unrestricted_guest', '0']);
    expect(shown(told, 'unrestricted-guest')).toMatch(/^WARN/);
  });

  test('the limit of vCPUs', () => {
    expect(shown(unloaded, 'vcpu-limit')).toBe('NOTE not checked: vmm is not loaded');
    const low = shown(sysctls(['hw.vmm.maxcpu', '2']), 'vcpu-limit');
    expect(low).toBe(
      'NOTE a guest may have 2 vCPUs, this host has 8 CPUs | boot: hw.vmm.maxcpu="8" in /boot/loader.conf',
    );
    expect(shown({ version: { major: 13, minor: 1 } }, 'vcpu-limit')).toBeNull();
  });
});

describe('pass-through', () => {
  const off = ['hw.vmm.iommu.initialized', '0'] as const;
  test.each<[string, Partial<Observed>, RegExp]>([
    ['the tables of the firmware count before first use', sysctls(off), /^PASS$/],
    ['AMD', { ...sysctls(off), acpiTables: new Set(['IVRS']) }, /^PASS$/],
    [
      'AMD, not used',
      { ...sysctls(off, ['hw.vmm.amdvi.enable', '0']), acpiTables: new Set(['IVRS']) },
      /^WARN AMD-Vi is there but not used.*boot: hw.vmm.amdvi.enable="1" in/,
    ],
    ['switched off', sysctls(off, ['hw.vmm.iommu.enable', '0']), /^WARN vmm is told not to use it/],
    [
      'none, a device waits for it',
      { ...sysctls(off), acpiTables: new Set(['FACP']) },
      /^WARN the firmware describes none/,
    ],
    [
      'none, no device',
      { ...sysctls(off), acpiTables: new Set(['FACP']), pptDevices: [] },
      /^NOTE the firmware describes none/,
    ],
    ['unknown', { ...sysctls(off), acpiTables: null }, /^NOTE not checked: acpidump/],
    ['not root', { ...sysctls(off), acpiTables: null, isRoot: false }, /^NOTE not checked: only root/],
  ])('IOMMU: %s', (_, host, expected) => {
    expect(shown(host, 'iommu')).toMatch(expected);
  });

  test('devices', () => {
    expect(shown({ pptDevices: [] }, 'ppt-devices')).toMatch(/^NOTE there is none.*devctl set driver.*pptdevs=/);
    expect(shown({ pptDevices: null }, 'ppt-devices')).toBe('NOTE not checked: pciconf gave no answer');
    expect(shown({ arch: 'arm64' }, 'ppt-devices')).toBeNull();
    expect(shown({ arch: 'arm64' }, 'iommu')).toBeNull();
  });
});
