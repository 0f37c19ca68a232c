/** The host that a case of the corpus runs on. */
import { furtherCapabilities, libvirtFlags, type Capability } from '../../src/host/capabilities.ts';
import type { HostProfile } from '../../src/host/profile.ts';
import type { Case } from './manifest.ts';

const byFlag = new Map(Object.entries(libvirtFlags).map(([name, flag]) => [flag as string, name as Capability]));

/** Flags of libvirt that we have no name for. */
export function unknownFlags(one: Case): readonly string[] {
  return [...one.caps, ...one.grubCaps].filter((flag) => !byFlag.has(flag));
}

/** The profile of a case's host. What libvirt does not probe for it takes for granted, and so does the profile. */
export function hostOf(one: Case): HostProfile {
  const probed = [...one.caps, ...one.grubCaps].flatMap((flag) => byFlag.get(flag) ?? []);
  const { config } = one;
  return {
    name: 'libvirt',
    release: null,
    arch: one.arch === 'aarch64' ? 'arm64' : 'amd64',
    capabilities: new Set<Capability>([...furtherCapabilities, ...probed]),
    privileged: one.privileged,
    firmware: {
      directory: config.firmwareDir,
      files: config.firmwareFiles,
      uboot: config.ubootPath,
      ubootExists: config.ubootExists,
    },
    nvramDirectory: config.nvramDir,
    stateDirectory: '/var/run/libvirt/bhyve',
    runDirectory: config.bhyveRunDir,
    loaderTimeout: { seconds: config.bhyveloadTimeout, killSeconds: config.bhyveloadTimeoutKill },
    networks: new Map(),
    bridges: null,
    memoryMib: null,
    cpus: null,
    pools: new Map(),
    nextTap: 'faketapdev',
    vncPorts: { first: 5900, last: 65_535 },
  };
}
