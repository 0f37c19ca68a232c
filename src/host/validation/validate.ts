/** All checks of `bhyvec host validate` in their order: those of virt-host-validate first. */
import { isAtLeast } from '../probing/running-release.ts';
import { atBoot, miss, notChecked, now, pass, setup, type Finding } from './finding.ts';
import { checkModules } from './modules.ts';
import { checkNetwork } from './network.ts';
import type { Folder, Observed } from './observed.ts';
import { checkPassthrough, checkProcessor } from './processor.ts';
import { checkPrograms } from './programs.ts';

/** Every check is made, whatever the others found; equal hosts give equal findings. */
export function validateHost(host: Observed): readonly Finding[] {
  return [
    ...checkModules(host),
    ...checkProcessor(host),
    ...checkPassthrough(host),
    ...checkPrograms(host),
    ...checkNetwork(host),
    ...checkLimits(host),
    checkRoot(host),
    ...host.folders.map((folder) => checkFolder(folder, host)),
  ];
}

/** Whether guests can run: nothing failed. */
export function isFit(findings: readonly Finding[]): boolean {
  return findings.every(({ result }) => result !== 'fail');
}

function checkLimits(host: Observed): readonly Finding[] {
  return [...checkVcpus(host), checkRacct(host)];
}

/** From 13.2 a tunable limits the vCPUs of a guest; before, the limit is 16 everywhere. */
function checkVcpus({ version, sysctls, modules }: Observed): readonly Finding[] {
  if (!isAtLeast(version, 13, 2)) return [];
  const check = { id: 'vcpu-limit', subject: 'for the limit of vCPUs (hw.vmm.maxcpu)' };
  const limit = sysctls.get('hw.vmm.maxcpu');
  const processors = sysctls.get('hw.ncpu') ?? '0';
  if (limit === undefined) {
    return [notChecked(check, modules.has('vmm') ? 'this kernel has no such variable' : 'vmm is not loaded')];
  }
  if (Number(limit) >= Number(processors)) return [pass(check)];
  const message = `a guest may have ${limit} vCPUs, this host has ${processors} CPUs`;
  return [miss(check, 'note', message, [atBoot(`hw.vmm.maxcpu="${processors}"`)])];
}

function checkRacct({ sysctls, programs }: Observed): Finding {
  const check = { id: 'racct', subject: 'for resource limits (RACCT)' };
  const value = sysctls.get('kern.racct.enable');
  const follows = 'guests with <blkiotune> or <memtune> cannot start';
  if (value === undefined) {
    return miss(check, 'note', `this kernel has no RACCT, ${follows}`, [
      setup('build a kernel with the options RACCT and RCTL, which GENERIC has'),
    ]);
  }
  if (value === '0') return miss(check, 'note', `it is switched off, ${follows}`, [atBoot('kern.racct.enable=1')]);
  if (programs.has('rctl')) return pass(check);
  return miss(check, 'note', `rctl is not there, ${follows}`, [setup('install the base system again')]);
}

function checkRoot({ isRoot }: Observed): Finding {
  const check = { id: 'root', subject: 'for root privileges' };
  if (isRoot) return pass(check);
  const message = 'this check runs as a user: guests need root, and what only root sees is not checked';
  return miss(check, 'warn', message, [now('su -m root -c "bhyvec host validate"')]);
}

function checkFolder({ path, purpose, state }: Folder, { isRoot }: Observed): Finding {
  const check = { id: `folder:${path}`, subject: `for the folder of ${purpose}` };
  if (state === 'usable') return pass(check);
  if (state === 'not-a-folder') {
    return miss(check, 'fail', `${path}: a file is in the way`, [setup('move that file away')]);
  }
  if (!isRoot) return notChecked(check, `only root may write to ${path}`);
  return miss(check, 'fail', `${path} cannot be written to`, [
    setup('mount its file system for writing, or allow root to write there'),
  ]);
}
