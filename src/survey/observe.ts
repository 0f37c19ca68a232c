/** Collects what the checks of the host look at. Every command only reads: no module is loaded, nothing is made. */
import { linesOf, type Answer } from '../host/probing/answer.ts';
import {
  readAcpiTables,
  readBootMessages,
  readCloners,
  readInterfaces,
  readPptDevices,
  readSysctls,
  type NetworkInterface,
} from '../host/probing/system-texts.ts';
import { defaultSettings } from '../host/targets.ts';
import {
  fileNames,
  moduleNames,
  programNames,
  sysctlNames,
  type Folder,
  type Observed,
} from '../host/validation/observed.ts';
import type { Identity } from './identity.ts';
import type { System } from './system.ts';

const kernelFolders = ['/boot/kernel', '/boot/modules'];

/** The variables that exist, with their values. */
export async function readVariables(system: System): Promise<ReadonlyMap<string, string>> {
  return readSysctls((await system.ask('sysctl', '-i', '-e', ...sysctlNames)).out);
}

/** The modules that are there: `-m` asks for modules, which a kernel may have compiled in, and not for files. */
export async function readModules(system: System): Promise<ReadonlySet<string>> {
  const found: string[] = [];
  for (const name of moduleNames) {
    if ((await system.ask('kldstat', '-q', '-m', name)).status === 0) found.push(name);
  }
  return new Set(found);
}

/** The modules that the kernel could load; null where its folder is not there. */
export function readModuleFiles(system: System): ReadonlySet<string> | null {
  const [own, ...others] = kernelFolders.map((folder) => system.list(folder));
  if (own === null || own === undefined) return null;
  const files = [own, ...others].flatMap((names) => names ?? []);
  return new Set(files.flatMap((name) => (name.endsWith('.ko') ? [name.slice(0, -3)] : [])));
}

/** All interfaces; null without an answer. */
export async function readNetwork(system: System): Promise<readonly NetworkInterface[] | null> {
  return told(await system.ask('ifconfig', '-a'), readInterfaces);
}

/** All that {@link Observed} names. */
export async function observe(system: System, identity: Identity): Promise<Observed> {
  const messages = system.read('/var/run/dmesg.boot');
  const settings = defaultSettings('bhyvec');
  const folder = (path: string, purpose: string): Folder => ({ path, purpose, state: system.folderState(path) });
  const isAmd64 = identity.arch === 'amd64';
  return {
    ...identity,
    isRoot: (await system.ask('id', '-u')).out.trim() === '0',
    sysctls: await readVariables(system),
    modules: await readModules(system),
    isVmmLinked: (await system.ask('kldstat', '-q', '-n', 'vmm')).status === 0,
    moduleFiles: readModuleFiles(system),
    cloners: told(await system.ask('ifconfig', '-C'), readCloners),
    interfaces: await readNetwork(system),
    processor: messages === null ? null : readBootMessages(messages),
    acpiTables:
      isAmd64 && system.hasProgram('acpidump') ? told(await system.ask('acpidump', '-t'), readAcpiTables) : null,
    pptDevices: isAmd64 ? answered(await system.ask('pciconf', '-l'), readPptDevices) : null,
    programs: new Set(programNames.filter((name) => system.hasProgram(name))),
    files: new Set(fileNames.filter((name) => system.exists(name))),
    folders: [
      folder(settings.stateDirectory, 'run-time files'),
      folder(settings.nvramDirectory, 'UEFI variables'),
      folder('/var/log', 'logs'),
    ],
  };
}

/** What a text says, unless the command failed. */
function answered<T>({ status, out }: Answer, read: (text: string) => T): T | null {
  return status === 0 ? read(out) : null;
}

/** What a text says, unless the command failed or said nothing. */
function told<T>(answer: Answer, read: (text: string) => T): T | null {
  return answer.status === 0 && linesOf(answer.out).length > 0 ? read(answer.out) : null;
}
