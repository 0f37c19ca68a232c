/**
 * The four checks of virt-host-validate in its order and words (module of the kernel, what follows without it), made of
 * what works instead of file names: a module that is compiled in counts, tap is asked of the list of cloners.
 */
import { isAtLeast } from '../probing/running-release.ts';
import { atBoot, miss, now, pass, setup, type Cure, type Finding } from './finding.ts';
import { paths, type Observed } from './observed.ts';

/** vmm, tap, bridge, nmdm: always all four, in this order. */
export function checkModules(host: Observed): readonly Finding[] {
  return [checkVmm(host), checkTap(host), checkBridge(host), checkNmdm(host)];
}

/** Whether the kernel can make VMs now: the module is there, and so is what makes VMs. */
export function hasVmm({ modules, files, sysctls }: Observed): boolean {
  return modules.has('vmm') && (files.has(paths.vmmControl) || sysctls.has('hw.vmm.create'));
}

/** kldload(8) gives 0 where the processor is not good enough, since other modules of the file stay. */
export function isVmmDead({ modules, isVmmLinked }: Observed): boolean {
  return isVmmLinked && !modules.has('vmm');
}

function checkVmm(host: Observed): Finding {
  const check = { id: 'vmm-module', subject: 'for vmm module' };
  if (hasVmm(host)) return pass(check);
  if (isVmmDead(host)) {
    const message = 'vmm module is loaded, but does not work: the processor cannot run guests';
    return miss(check, 'fail', message, [setup('see the check for CPU virtualization; dmesg says what vmm missed')]);
  }
  if (!host.modules.has('vmm')) {
    return miss(check, 'fail', 'vmm module is not loaded, will not be able to start VMs', loading('vmm', host));
  }
  const control = isAtLeast(host.version, 15, 0) ? paths.vmmControl : 'the sysctl hw.vmm.create';
  const isJailed = host.sysctls.get('security.jail.jailed') === '1';
  return miss(check, 'fail', `vmm module is loaded, but ${control} is missing, will not be able to start VMs`, [
    isJailed
      ? setup('allow it to this jail: allow.vmm in its jail.conf(5), and /dev/vmm in its devfs rules')
      : setup('dmesg says what vmm missed when it was loaded; see the check for CPU virtualization'),
  ]);
}

/** tap(4) is in if_tuntap since 13.0; 12.x may have either. */
function tapModule({ version, modules, moduleFiles }: Observed): string {
  if (isAtLeast(version, 13, 0) || modules.has('if_tuntap')) return 'if_tuntap';
  return moduleFiles?.has('if_tuntap') === true ? 'if_tuntap' : 'if_tap';
}

function checkTap(host: Observed): Finding {
  const name = tapModule(host);
  const check = { id: 'tap-module', subject: `for ${name} module` };
  const isThere = host.cloners?.has('tap') ?? (host.modules.has('if_tuntap') || host.modules.has('if_tap'));
  if (isThere) return pass(check);
  return miss(check, 'warn', `${name} module is not loaded, networking will not work`, loading(name, host));
}

function checkBridge(host: Observed): Finding {
  const check = { id: 'bridge-module', subject: 'for if_bridge module' };
  if (host.cloners?.has('bridge') ?? host.modules.has('if_bridge')) return pass(check);
  const message = 'if_bridge module is not loaded, bridged networking will not work';
  return miss(check, 'warn', message, loading('if_bridge', host));
}

function checkNmdm(host: Observed): Finding {
  const check = { id: 'nmdm-module', subject: 'for nmdm module' };
  if (host.modules.has('nmdm')) return pass(check);
  return miss(check, 'warn', 'nmdm module is not loaded, nmdm console will not work', loading('nmdm', host));
}

/** How a module is loaded now and at each boot, if it can be. */
function loading(name: string, { moduleFiles, sysctls }: Observed): readonly Cure[] {
  if (moduleFiles !== null && !moduleFiles.has(name)) {
    return [setup(`this kernel comes without ${name}.ko: install one that has it`)];
  }
  const boot = atBoot(`${name}_load="YES"`);
  if (sysctls.get('security.jail.jailed') === '1') return [setup(`on the host of this jail: kldload ${name}`)];
  const level = sysctls.get('kern.securelevel');
  if (level !== undefined && Number(level) >= 1) {
    return [boot, setup(`reboot: at securelevel ${level} no module can be loaded`)];
  }
  return [now(`kldload ${name}`), boot];
}
