/** Asks bhyve, the loaders and the kernel of a host all that a profile is made of. */
import type { Answer } from '../host/probing/answer.ts';
import type { Probed } from '../host/probing/probed-profile.ts';
import { deviceList, deviceWords, questionsFor, usageWords, type Answers } from '../host/probing/questions.ts';
import { runningRelease } from '../host/probing/running-release.ts';
import type { Arch } from '../host/profile.ts';
import { defaultSettings } from '../host/targets.ts';
import { identify } from './identity.ts';
import { readModuleFiles, readModules, readNetwork, readVariables } from './observe.ts';
import type { System } from './system.ts';

const firmwareFolders = [defaultSettings('bhyvec').firmware.directory, '/usr/local/share/edk2-bhyve'];

/** All that a profile is made of, or why there can be none. */
export async function probe(system: System): Promise<Probed | string> {
  const identity = await identify(system);
  if (typeof identity === 'string') return identity;
  const { release, arch } = identity;
  const running = runningRelease(release, arch);
  if (typeof running === 'string') return running;
  const usage = await system.ask('bhyve', ...usageWords);
  if (usage.status !== 0) return withoutBhyve(usage);
  const bhyve = await askBhyve(system, arch, usage);
  const sysctls = await readVariables(system);
  return {
    running,
    arch,
    bhyve,
    grub: await system.ask('grub-bhyve', '--help'),
    sysctls,
    modules: await readModules(system),
    moduleFiles: readModuleFiles(system) ?? new Set(),
    hasRctl: system.hasProgram('rctl'),
    interfaces: await readNetwork(system),
    zfs: await askZfs(system, sysctls),
    firmware: findFirmware(system),
    hasUboot: system.exists(defaultSettings('bhyvec').firmware.uboot),
  };
}

function withoutBhyve({ problem, status }: Answer): string {
  if (problem === 'missing') return 'there is no bhyve on this host: nothing can be asked';
  if (problem === 'slow') return 'bhyve -h did not end in time: nothing can be asked';
  return `bhyve -h failed (${status === null ? 'killed' : `status ${String(status)}`}): nothing can be asked`;
}

/** Each question once, one after the other: they are short. */
async function askBhyve(system: System, arch: Arch, usage: Answer): Promise<Answers> {
  const devices = await system.ask('bhyve', ...deviceWords);
  const answers = new Map([
    [usageWords.join(' '), usage],
    [deviceWords.join(' '), devices],
  ]);
  for (const { words } of questionsFor(arch, deviceList(devices))) {
    const key = words.join(' ');
    if (!answers.has(key)) answers.set(key, await system.ask('bhyve', ...words));
  }
  return answers;
}

/** zpool(8) and zfs(8) load the module of ZFS by themselves: they are asked only where it is there already. */
async function askZfs(system: System, sysctls: ReadonlyMap<string, string>): Promise<Probed['zfs']> {
  if (!sysctls.has('vfs.zfs.vol.mode')) return null;
  const zpools = await system.ask('zpool', 'list', '-H', '-o', 'name');
  const volumes = await system.ask('zfs', 'list', '-H', '-t', 'volume', '-o', 'name');
  return zpools.status === 0 ? { zpools: zpools.out, volumes: volumes.status === 0 ? volumes.out : '' } : null;
}

/** The first folder with images in it. */
function findFirmware(system: System): Probed['firmware'] {
  for (const directory of firmwareFolders) {
    const files = system.list(directory);
    if (files !== null) return { directory, files };
  }
  return null;
}
