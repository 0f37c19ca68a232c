/**
 * Limits and habits of a host that are no capability but follow from its capabilities and its release. Sources:
 * bhyve(8), bhyve_config(5), tap(4), bridge(4), the release notes of 14.0 and 15.0.
 */
import type { HostProfile } from './profile.ts';
import { isRelease, isSince, type Release } from './releases.ts';

/** What the compiler may rely on. */
export interface ReleaseFacts {
  /** Most virtual CPUs: 16 through 13.1; then the sysctl hw.vmm.maxcpu, by default the number of host CPUs: null. */
  readonly vcpuLimit: 16 | null;
  /** Most characters of a VM name: 31, or 229 where long names are known to work. */
  readonly nameLimit: 31 | 229;
  /**
   * How a guest gets ACPI tables: `on-request` with -A, `default` unless the key acpi_tables is false, `none` where
   * bhyve describes the machine in a device tree (arm64).
   */
  readonly acpi: 'on-request' | 'default' | 'none';
  /** Whether SIGTERM presses the power button of a guest that uses ACPI (amd64); elsewhere it kills bhyve. */
  readonly powerButton: boolean;
  /** Exit status of an error while bhyve sets up or runs the guest; 1 is a power-off as well. */
  readonly errorStatus: 1 | 4;
  /** Kernel modules with tap(4), in the order to try them. */
  readonly tapModules: readonly ['if_tuntap'] | readonly ['if_tap'] | readonly ['if_tuntap', 'if_tap'];
  /** Largest picture of fbuf; null without fbuf. */
  readonly fbufMaximum: { readonly width: number; readonly height: number } | null;
  /** Whether VMs are made through /dev/vmmctl (15.0); before, through the sysctls hw.vmm.create and hw.vmm.destroy. */
  readonly vmmControl: boolean | null;
  /** Whether pf and ipfw see bridged packets at members by default (before 14.0); null where nobody knows. */
  readonly bridgeFilters: boolean | null;
}

/**
 * The facts of one host. A profile without a release gets those that its capabilities imply; what only the release
 * could tell is then null, or the list of all that may be.
 */
export function factsOf(host: Pick<HostProfile, 'release' | 'arch' | 'capabilities'>): ReleaseFacts {
  const { capabilities } = host;
  const release = host.release !== null && isRelease(host.release) ? host.release : null;
  return {
    vcpuLimit: capabilities.has('many-vcpus') ? null : 16,
    nameLimit: capabilities.has('long-names') ? 229 : 31,
    acpi: capabilities.has('acpi-default') ? 'default' : capabilities.has('acpi-option') ? 'on-request' : 'none',
    powerButton: host.arch === 'amd64',
    errorStatus: capabilities.has('error-exit-status') ? 4 : 1,
    tapModules: tapModules(capabilities.has('tuntap'), release),
    fbufMaximum: fbufMaximum(host),
    vmmControl: release === null ? null : isSince(release, '15.0'),
    bridgeFilters: release === null ? null : !isSince(release, '14.0'),
  };
}

/** Without the capability, 12.1 and later may have either name, and so may a host without a release. */
function tapModules(tuntap: boolean, release: Release | null): ReleaseFacts['tapModules'] {
  if (tuntap) return ['if_tuntap'];
  return release === null || isSince(release, '12.1') ? ['if_tuntap', 'if_tap'] : ['if_tap'];
}

function fbufMaximum({ capabilities }: Pick<HostProfile, 'capabilities'>): ReleaseFacts['fbufMaximum'] {
  if (!capabilities.has('fbuf')) return null;
  return capabilities.has('fbuf-large') ? { width: 3840, height: 2160 } : { width: 1920, height: 1200 };
}
