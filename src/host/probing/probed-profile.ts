/**
 * What a host answered to its profile. The table of releases says what its bhyve can surely do, the answers correct it;
 * what neither knows is absent, and a note says so.
 */
import { printable } from '../../diagnostics/printable.ts';
import type { Capability } from '../capabilities.ts';
import { profileShape } from '../fields.ts';
import type { Arch, HostProfile } from '../profile.ts';
import { capabilities, capabilitiesOf, doubtsOf, type Release } from '../releases.ts';
import { defaultSettings, targetName } from '../targets.ts';
import { textOf, type Answer, type Verdict } from './answer.ts';
import { namedNetworks, namedPools } from './places.ts';
import { deviceList, deviceWords, questionsFor, type Answers } from './questions.ts';
import type { RunningRelease } from './running-release.ts';
import type { NetworkInterface } from './system-texts.ts';

/** All that a probe found. */
export interface Probed {
  readonly running: RunningRelease;
  readonly arch: Arch;
  /** Answers of bhyve by its words, joined with blanks. */
  readonly bhyve: Answers;
  /** `grub-bhyve --help`. */
  readonly grub: Answer;
  readonly sysctls: ReadonlyMap<string, string>;
  /** Kernel modules that are there, compiled in or loaded. */
  readonly modules: ReadonlySet<string>;
  /** Kernel modules that could be loaded. */
  readonly moduleFiles: ReadonlySet<string>;
  readonly hasRctl: boolean;
  /** Null where ifconfig gave no answer. */
  readonly interfaces: readonly NetworkInterface[] | null;
  /** Names of zpools and of volumes, a line each; null where ZFS is not loaded or gives no answer. */
  readonly zfs: { readonly zpools: string; readonly volumes: string } | null;
  /** The directory of the UEFI images and what is in it; null where there is none. */
  readonly firmware: { readonly directory: string; readonly files: readonly string[] } | null;
  readonly hasUboot: boolean;
}

/** A profile, and what a reader is to be told about it. */
export interface ProbedProfile {
  readonly profile: HostProfile;
  readonly notes: readonly string[];
}

/** Takes what was found; equal findings give equal profiles and notes. */
export function probedProfile(probed: Probed): ProbedProfile {
  const { running, arch } = probed;
  const { release } = running;
  const usual = capabilitiesOf(release, arch);
  const verdicts = new Map<Capability, Verdict>();
  for (const [capability, verdict] of [...ofBhyve(probed), ...ofSystem(probed)]) {
    if (verdict !== 'unknown' || !verdicts.has(capability)) verdicts.set(capability, verdict);
  }
  const has = new Set(usual);
  for (const [capability, verdict] of verdicts) {
    if (verdict === 'yes') has.add(capability);
    else if (verdict === 'no' || capability === 'grub-cons-dev') has.delete(capability);
  }
  const networks = probed.interfaces === null ? null : namedNetworks(probed.interfaces);
  const pools = probed.zfs === null ? null : namedPools(probed.zfs.zpools, probed.zfs.volumes);
  const standard = defaultSettings('bhyvec');
  const directory = probed.firmware?.directory ?? standard.firmware.directory;
  const files = [...(probed.firmware?.files ?? [])].filter(isFileName).toSorted();
  const profile: HostProfile = {
    ...standard,
    name: nameOf(probed.sysctls.get('kern.hostname'), release, arch),
    release,
    arch,
    capabilities: has,
    firmware: { ...standard.firmware, directory, files, ubootExists: probed.hasUboot },
    networks: networks?.names ?? new Map<string, string>(),
    pools: pools?.names ?? new Map<string, never>(),
    bridges: networks?.bridges ?? standard.bridges,
    ...sizesOf(probed),
  };
  const notes = [
    ...(running.note === null ? [] : [running.note]),
    ...capabilityNotes(probed, verdicts, usual, has),
    ...(networks?.notes ?? ['ifconfig gave no answer: "networks" is empty']),
    ...(pools?.notes ?? ['no ZFS was found: "pools" is empty']),
    ...firmwareNotes(probed, files),
    ...(profile.memoryMib === null ? [] : [memoryNote]),
  ];
  return { profile, notes: [...new Set(notes.map(printable))] };
}

function ofBhyve({ arch, bhyve }: Probed): readonly (readonly [Capability, Verdict])[] {
  const devices = bhyve.get(deviceWords.join(' '));
  const listed = devices === undefined ? null : deviceList(devices);
  return questionsFor(arch, listed).map(({ capability, words, verdict }) => {
    const answer = bhyve.get(words.join(' '));
    return [capability, answer === undefined ? 'unknown' : verdict(answer)] as const;
  });
}

/** What loaders and kernel can, and what their administrator has switched on. */
function ofSystem(probed: Probed): readonly (readonly [Capability, Verdict])[] {
  const { arch, sysctls, modules, moduleFiles } = probed;
  const racct = sysctls.get('kern.racct.enable');
  const tuntap = modules.has('if_tuntap') || (!modules.has('if_tap') && moduleFiles.has('if_tuntap'));
  const tap = modules.has('if_tap') || moduleFiles.has('if_tap');
  const addresses = sysctls.get('net.link.bridge.member_ifaddrs');
  return [
    ['rctl', racct === undefined ? 'unknown' : asVerdict(racct !== '0' && probed.hasRctl)],
    ['many-vcpus', sysctls.has('hw.vmm.maxcpu') ? 'yes' : modules.has('vmm') ? 'no' : 'unknown'],
    ['tuntap', tuntap ? 'yes' : tap ? 'no' : 'unknown'],
    ...(addresses === undefined ? [] : [['bridge-member-addresses', asVerdict(addresses !== '0')] as const]),
    ...(arch === 'amd64' ? [['grub-cons-dev', ofGrub(probed.grub)] as const] : []),
  ];
}

function ofGrub(answer: Answer): Verdict {
  if (answer.status === null) return 'unknown';
  return asVerdict(textOf(answer).includes('--cons-dev'));
}

function asVerdict(holds: boolean): Verdict {
  return holds ? 'yes' : 'no';
}

function capabilityNotes(
  { running: { release }, arch, grub, bhyve }: Probed,
  verdicts: ReadonlyMap<Capability, Verdict>,
  usual: ReadonlySet<Capability>,
  has: ReadonlySet<Capability>,
): readonly string[] {
  const differs = (is: ReadonlySet<Capability>, not: ReadonlySet<Capability>): string =>
    capabilities.filter((one) => is.has(one) && !not.has(one) && one !== 'grub-cons-dev').join(', ');
  const doubts = doubtsOf(release, arch).filter((one) => (verdicts.get(one) ?? 'unknown') === 'unknown');
  const [more, less, open] = [differs(has, usual), differs(usual, has), doubts.join(', ')];
  const slow = [...bhyve].filter(([, answer]) => answer.problem !== null).map(([words]) => `bhyve ${words}`);
  const grubNote = {
    missing: 'grub-bhyve is not installed: "grub-cons-dev" is absent',
    slow: 'grub-bhyve --help did not end: "grub-cons-dev" is absent',
    killed: 'grub-bhyve --help was killed: "grub-cons-dev" is absent',
  } as const;
  return [
    ...(more === '' ? [] : [`this host has what the table does not count to FreeBSD ${release}: ${more}`]),
    ...(less === '' ? [] : [`this host lacks what FreeBSD ${release} has: ${less}`]),
    ...(open === ''
      ? []
      : [`FreeBSD ${release} may have these, but bhyve cannot be asked: counted as absent: ${open}`]),
    ...slow.map((words) => `no answer, so the table of releases decides: ${words}`),
    ...(arch === 'amd64' && grub.problem !== null ? [grubNote[grub.problem]] : []),
  ];
}

function firmwareNotes({ arch, firmware, hasUboot }: Probed, files: readonly string[]): readonly string[] {
  if (arch === 'arm64') return hasUboot ? [] : ['the U-Boot image is missing: pkg install u-boot-bhyve-arm64'];
  if (firmware === null) return ['there is no directory of UEFI images: pkg install edk2-bhyve'];
  return files.length === 0 ? [`there is no UEFI image in ${firmware.directory}: pkg install edk2-bhyve`] : [];
}

const memoryNote = '"memoryMib" is all memory of the host: take off what it needs itself, and the ARC of ZFS';

/** How much there is for guests to have together; a number that cannot be is none. */
function sizesOf({ sysctls }: Probed): Pick<HostProfile, 'cpus' | 'memoryMib'> {
  const numberOf = (name: string): number => Number(sysctls.get(name) ?? 'none');
  return {
    cpus: fitting('cpus', numberOf('hw.ncpu')),
    memoryMib: fitting('memoryMib', Math.floor(numberOf('hw.physmem') / 2 ** 20)),
  };
}

function fitting(key: 'cpus' | 'memoryMib', value: number): number | null {
  const shape = profileShape.fields[key]?.shape;
  return shape?.kind === 'integer' && value >= shape.first && value <= shape.last ? value : null;
}

/** The name of the host where a profile may have it, or that of the built-in target. */
function nameOf(hostname: string | undefined, release: Release, arch: Arch): string {
  const shape = profileShape.fields['name']?.shape;
  const pattern = shape?.kind === 'text' ? new RegExp(shape.pattern, 'u') : /^$/;
  return hostname !== undefined && pattern.test(hostname) ? hostname : targetName(release, arch);
}

/** A name that a profile can hold: no control characters, no half characters. */
function isFileName(name: string): boolean {
  return /^[^/\p{Cc}\p{Surrogate}]{1,255}$/u.test(name) && name !== '.' && name !== '..';
}
