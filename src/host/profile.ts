/** What the compiler knows of the host that the guest will run on. It asks no real host: this is all there is. */
import type { Capability } from './capabilities.ts';

/** Architecture of host and guest in FreeBSD's words; libvirt says x86_64 and aarch64. */
export type Arch = (typeof arches)[number];

export const arches = ['amd64', 'arm64'] as const;

/** A storage pool of libvirt: the directory, or the ZFS dataset, that volumes are looked up in. */
export interface StoragePool {
  readonly type: 'dir' | 'zfs';
  /** A directory for `dir`; a dataset such as `zroot/vm` for `zfs`, whose volumes are /dev/zvol/DATASET/VOLUME. */
  readonly target: string;
}

/** One host. */
export interface HostProfile {
  /** The target's name, such as `freebsd-15.1`, or what the profile file calls itself. */
  readonly name: string;
  /** FreeBSD release such as `14.3`; null where the capabilities are given one by one. */
  readonly release: string | null;
  readonly arch: Arch;
  readonly capabilities: ReadonlySet<Capability>;
  /** False for an unprivileged driver: no loader commands, no resource limits, `-M -o rundir=`. */
  readonly privileged: boolean;
  readonly firmware: {
    readonly directory: string;
    /** The names in the directory, in directory order; null where nobody knows: BHYVE_UEFI.fd and its variables template are taken for present. */
    readonly files: readonly string[] | null;
    /** U-Boot image for arm64 guests without a `<loader>`. */
    readonly uboot: string;
    readonly ubootExists: boolean;
  };
  /** Where a guest's UEFI variable store is kept. */
  readonly nvramDirectory: string;
  /** Where device maps and other run-time files of a guest are kept. */
  readonly stateDirectory: string;
  /** `-o rundir=` of an unprivileged bhyve. */
  readonly runDirectory: string;
  /** Limits around bhyveload, in seconds; 0 is no limit. */
  readonly loaderTimeout: { readonly seconds: number; readonly killSeconds: number };
  /** Bridge of each libvirt network by the network's name. */
  readonly networks: ReadonlyMap<string, string>;
  readonly pools: ReadonlyMap<string, StoragePool>;
  /** The bridges that there are; null where nobody says. */
  readonly bridges: readonly string[] | null;
  /** Memory for guests; null where nobody says. */
  readonly memoryMib: number | null;
  /** Processors, as hw.ncpu counts them; null where nobody says. */
  readonly cpus: number | null;
  /** The tap(4) that libvirt's dialect prints for every interface: the one that the kernel would hand out. */
  readonly nextTap: string;
  /** TCP ports for VNC servers without a port of their own, both ends included. */
  readonly vncPorts: { readonly first: number; readonly last: number };
}
