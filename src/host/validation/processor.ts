/**
 * Virtualisation in the processor: VT-x with EPT and unrestricted guests, AMD-V with nested paging, and the IOMMU for
 * pass-through. What vmm(4) says where it is loaded counts more than the boot messages.
 */
import { atBoot, miss, notChecked, now, pass, setup, type Finding } from './finding.ts';
import { hasVmm, isVmmDead } from './modules.ts';
import type { Observed } from './observed.ts';

const firmwareSetup = setup('switch it on in the firmware setup: VT-x (Intel Virtualization Technology) or SVM mode');

/** The processor. */
export function checkProcessor(host: Observed): readonly Finding[] {
  return [checkVirtualisation(host), ...checkUnrestricted(host)];
}

function checkVirtualisation(host: Observed): Finding {
  const check = { id: 'cpu-virtualization', subject: 'for CPU virtualization' };
  if (hasVmm(host)) return pass(check);
  const { processor, arch, modules } = host;
  if (modules.has('vmm') || isVmmDead(host))
    return miss(check, 'fail', 'vmm could not take the processor over', [firmwareSetup]);
  const load = [now('kldload vmm'), setup('then run this check again')];
  if (arch === 'arm64') return notChecked(check, 'only vmm can tell, and it is not loaded', load);
  if (processor === null || !processor.isDescribed) {
    return notChecked(check, '/var/run/dmesg.boot does not describe the processor, and vmm is not loaded', load);
  }
  const { virtualisation, features } = processor;
  if (virtualisation === null) {
    return miss(check, 'fail', 'the processor offers neither VT-x nor AMD-V, will not be able to start VMs', [
      firmwareSetup,
      setup('if this system is a guest itself, its host must offer nested virtualization'),
    ]);
  }
  const [needed, name] = virtualisation === 'intel' ? ['EPT', 'VT-x'] : ['NP', 'AMD-V'];
  if (features.has(needed)) return pass(check);
  return miss(check, 'fail', `the processor has ${name} without ${needed} (second level paging), bhyve needs it`, [
    setup('use a host with a newer processor'),
  ]);
}

/** Only VT-x has this; without it guests are limited to bhyveload and one vCPU. */
function checkUnrestricted({ sysctls, processor, arch }: Observed): readonly Finding[] {
  const check = { id: 'unrestricted-guest', subject: 'for unrestricted guest mode of VT-x' };
  const isIntel = sysctls.get('hw.vmm.vmx.initialized') === '1' || processor?.virtualisation === 'intel';
  if (arch !== 'amd64' || !isIntel) return [];
  const told = sysctls.get('hw.vmm.vmx.cap.unrestricted_guest');
  const has = told === undefined ? processor?.features.has('UG') === true : told !== '0';
  if (has) return [pass(check)];
  const message = 'the processor lacks it, UEFI firmware and more than one vCPU will not work';
  return [miss(check, 'warn', message, [setup('use a host with a newer processor for such guests')])];
}

/** The IOMMU, for pass-through only: a warning where a device waits for it, else a note. */
export function checkPassthrough(host: Observed): readonly Finding[] {
  if (host.arch !== 'amd64') return [];
  const { pptDevices } = host;
  const check = { id: 'ppt-devices', subject: 'for PCI devices set aside for guests (ppt)' };
  const devices =
    pptDevices === null
      ? notChecked(check, 'pciconf gave no answer')
      : pptDevices.length > 0
        ? pass(check)
        : miss(check, 'note', 'there is none, guests with <hostdev> cannot start', [
            setup('choose one of pciconf -l, then: devctl set driver -f pci0:BUS:SLOT:FUNC ppt'),
            atBoot('pptdevs="BUS/SLOT/FUNC"'),
            atBoot('vmm_load="YES"'),
          ]);
  return [checkIommu(host), devices];
}

function checkIommu({ sysctls, acpiTables, pptDevices, isRoot }: Observed): Finding {
  const check = { id: 'iommu', subject: 'for an IOMMU (VT-d, AMD-Vi)' };
  if (sysctls.get('hw.vmm.iommu.initialized') === '1') return pass(check);
  const level = (pptDevices ?? []).length > 0 ? 'warn' : 'note';
  if (sysctls.get('hw.vmm.iommu.enable') === '0') {
    const message = 'vmm is told not to use it, PCI pass-through will not work';
    return miss(check, level, message, [atBoot('hw.vmm.iommu.enable="1"')]);
  }
  if (acpiTables === null) {
    return notChecked(check, isRoot ? 'acpidump gave no answer' : 'only root can read the ACPI tables');
  }
  if (acpiTables.has('IVRS') && sysctls.get('hw.vmm.amdvi.enable') === '0') {
    const message = 'AMD-Vi is there but not used, PCI pass-through will not work';
    return miss(check, level, message, [atBoot('hw.vmm.amdvi.enable="1"')]);
  }
  if (acpiTables.has('DMAR') || acpiTables.has('IVRS')) return pass(check);
  return miss(check, level, 'the firmware describes none, PCI pass-through will not work', [
    setup('switch VT-d or AMD-Vi (IOMMU) on in the firmware setup'),
  ]);
}
