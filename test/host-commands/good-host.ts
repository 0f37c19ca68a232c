/** A host that passes every check of `bhyvec host validate`, and short ways to change it and to look at one check. */
import { readBootMessages, readInterfaces } from '../../src/host/probing/system-texts.ts';
import type { Finding } from '../../src/host/validation/finding.ts';
import { fileNames, programNames, type Observed } from '../../src/host/validation/observed.ts';
import { validateHost } from '../../src/host/validation/validate.ts';

const intel = readBootMessages('  Features2=0x1<VMX>\n  VT-x: PAT,EPT,UG,VPID\n');
/** Boot messages of an AMD processor. */
export const amd = readBootMessages('  Features2=0x1<SSE3>\n  SVM: NP,NRIP\n');
/** `ifconfig -a` of the good host. */
export const network = [
  'em0: flags=8843<UP> mtu 1500',
  'tap0: flags=8802<BROADCAST> mtu 1500\n\tgroups: tap',
  'vmbr0: flags=8843<UP> mtu 1500\n\tmember: em0 flags=1\n\tmember: tap0 flags=1\n\tgroups: bridge',
].join('\n');

/** A host that passes every check. */
export const good: Observed = {
  release: '14.3-RELEASE',
  version: { major: 14, minor: 3 },
  arch: 'amd64',
  isRoot: true,
  sysctls: new Map([
    ['hw.ncpu', '8'],
    ['hw.vmm.create', ''],
    ['hw.vmm.iommu.initialized', '1'],
    ['hw.vmm.maxcpu', '8'],
    ['hw.vmm.vmx.cap.unrestricted_guest', '1'],
    ['hw.vmm.vmx.initialized', '1'],
    ['kern.racct.enable', '1'],
    ['kern.securelevel', '-1'],
    ['net.link.bridge.pfil_bridge', '0'],
    ['net.link.bridge.pfil_member', '0'],
    ['net.link.tap.up_on_open', '1'],
    ['security.jail.jailed', '0'],
  ]),
  modules: new Set(['vmm', 'nmdm', 'if_tuntap', 'if_bridge', 'pf']),
  isVmmLinked: true,
  moduleFiles: new Set(['vmm', 'nmdm', 'if_tuntap', 'if_bridge', 'if_tap']),
  cloners: new Set(['lo', 'tap', 'bridge']),
  interfaces: readInterfaces(network),
  processor: intel,
  acpiTables: new Set(['FACP', 'DMAR']),
  pptDevices: ['pci0:2:0:0'],
  programs: new Set(programNames),
  files: new Set(fileNames),
  folders: [{ path: '/var/run/bhyvec', purpose: 'run-time files', state: 'usable' }],
};

/** The good host with other values of sysctls; an undefined one is not there. */
export function sysctls(...changes: readonly (readonly [string, string | undefined])[]): Partial<Observed> {
  const all = new Map<string, string | undefined>([...good.sysctls, ...changes]);
  return {
    sysctls: new Map([...all].flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))),
  };
}

/** A set less some of its members. */
export function without<T>(set: ReadonlySet<T> | null, ...gone: readonly T[]): ReadonlySet<T> {
  return new Set([...(set ?? [])].filter((one) => !gone.includes(one)));
}

/** One check of the good host with changes. */
export function find(host: Partial<Observed>, id: string): Finding | undefined {
  return validateHost({ ...good, ...host }).find((finding) => finding.id === id);
}

/** A check as `WARN message | now: cure | boot: cure`; null where it is not made. */
export function shown(host: Partial<Observed>, id: string): string | null {
  const finding = find(host, id);
  if (finding === undefined) return null;
  const { result, message, cures } = finding;
  const head = message === null ? result.toUpperCase() : `${result.toUpperCase()} ${message}`;
  return [head, ...cures.map(({ when, what }) => `${when}: ${what}`)].join(' | ');
}
