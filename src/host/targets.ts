/**
 * The hosts that bhyvec knows by name, `freebsd-14.3` and the like, with nothing said about networks or pools, and
 * the values that a profile has where nobody says otherwise (bhyve.conf and the driver of libvirt for its dialect).
 */
import { nearest } from '../diagnostics/nearest.ts';
import type { Arch, HostProfile } from './profile.ts';
import { capabilitiesOf, releases, runsOn, type Release } from './releases.ts';

/** One built-in host. */
export interface Target {
  readonly name: string;
  readonly release: Release;
  readonly arch: Arch;
}

/** Whose directories and ports a profile has by default: bhyvec's, or those of libvirt's bhyve driver. */
export type Defaults = 'bhyvec' | 'libvirt';

/** All built-in targets: each release on amd64, oldest first, then those that run on arm64. */
export const builtInTargets: readonly Target[] = (['amd64', 'arm64'] as const).flatMap((arch) =>
  releases
    .filter((release) => runsOn(release, arch))
    .map((release) => ({ name: targetName(release, arch), release, arch })),
);

/** The name of the built-in target of a release: `freebsd-14.3`, `freebsd-15.1-arm64`. */
export function targetName(release: Release, arch: Arch): string {
  return `freebsd-${release}${arch === 'arm64' ? '-arm64' : ''}`;
}

/**
 * Takes the name of a built-in target; gives its profile, or null for a name that is none. With `libvirt` the
 * variable stores, the state and the VNC ports are where libvirt's driver has them.
 */
export function targetProfile(name: string, defaults: Defaults = 'bhyvec'): HostProfile | null {
  const target = builtInTargets.find((candidate) => candidate.name === name);
  if (target === undefined) return null;
  const { release, arch } = target;
  return { name, release, arch, capabilities: capabilitiesOf(release, arch), ...defaultSettings(defaults) };
}

/** The built-in target that a wrong name probably means: for `14.3`, `FreeBSD-14.3-RELEASE` or `fredbsd-14.3`. */
export function suggestTarget(name: string): string | null {
  const names = builtInTargets.map((target) => target.name);
  const bare = name
    .trim()
    .toLowerCase()
    .replace(/^freebsd[-_/ ]?/, '')
    .replace(/-(?:release|stable|current)(?:-p\d+)?/, '');
  const exact = names.find((candidate) => candidate === `freebsd-${bare.replace(/-(?:aarch64)$/, '-arm64')}`);
  return exact ?? nearest(name.trim(), names);
}

/** All of a profile that does not depend on the release. */
export function defaultSettings(defaults: Defaults): Omit<HostProfile, 'name' | 'release' | 'arch' | 'capabilities'> {
  const libvirt = defaults === 'libvirt';
  return {
    privileged: true,
    firmware: {
      directory: '/usr/local/share/uefi-firmware',
      files: null,
      uboot: '/usr/local/share/u-boot/u-boot-bhyve-arm64/u-boot.bin',
      ubootExists: true,
    },
    nvramDirectory: libvirt ? '/var/lib/libvirt/bhyve/nvram' : '/var/db/bhyvec/nvram',
    stateDirectory: libvirt ? '/var/run/libvirt/bhyve' : '/var/run/bhyvec',
    runDirectory: '/var/run/bhyve',
    loaderTimeout: { seconds: 300, killSeconds: 15 },
    networks: new Map(),
    pools: new Map(),
    bridges: null,
    memoryMib: null,
    cpus: null,
    nextTap: 'tap0',
    vncPorts: { first: 5900, last: libvirt ? 65535 : 5999 },
  };
}
