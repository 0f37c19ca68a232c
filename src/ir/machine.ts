/**
 * A machine in bhyve's words, before allocation: devices hold needs, nothing is placed. `PlacedMachine` adds the grants.
 */
import type { GuestHardware } from './hardware.ts';
import type { Located, Origins } from '../diagnostics/source.ts';
import type { Arch } from '../host/profile.ts';
import type { Device } from './emulations/index.ts';
import type { Capability } from '../host/capabilities.ts';
import type { Grants } from './needs.ts';
import type { Action, Priority, ResourceRule } from './plan.ts';
import type { StepOf } from './steps/index.ts';
import type { Piece, Value } from './words.ts';
import type { ConfigEntry } from './settings.ts';
import type { PciAddress } from './units.ts';

/** The virtual CPUs. */
export interface Cpus {
  readonly count: number;
  readonly topology: { readonly sockets: number; readonly cores: number; readonly threads: number } | null;
  readonly pins: readonly { readonly vcpu: number; readonly hostcpu: number; readonly origins: Origins }[];
  /** The host CPUs that the whole process may use; null is all. */
  readonly affinity: string | null;
  readonly origins: Origins;
}

/** How the host runs the process of bhyve, all threads alike; null leaves it to FreeBSD. */
export interface Scheduling {
  readonly priority: (Priority & { readonly origins: Origins }) | null;
  /** `POLICY:DOMAINS` of the host's memory, as cpuset(1) reads it behind -n. */
  readonly memoryDomains: { readonly value: string; readonly origins: Origins } | null;
}

/** One virtual NUMA domain. */
export interface NumaDomain {
  readonly mib: bigint;
  /** In compressed form. */
  readonly cpus: string;
  readonly origins: Origins;
}

/** The guest's memory. */
export interface Memory {
  readonly mib: bigint;
  readonly wired: boolean;
  /** Print the unit with the number. */
  readonly suffix: boolean;
  readonly numa: readonly NumaDomain[];
  readonly origins: Origins;
  readonly wiredOrigins: Origins;
}

/** A grub.cfg that the launcher makes, of a kernel on the host. */
export interface GrubConfig {
  readonly name: string;
  readonly directory: string;
  readonly text: string;
  /** The files that it names. */
  readonly files: readonly { readonly path: Located<string>; readonly purpose: 'kernel' | 'initrd' }[];
  readonly origins: Origins;
}

/** What loads the guest into memory before bhyve runs; a boot ROM is a device. */
export type Loader =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'bhyveload';
      readonly program: string;
      /** Null where the user's own words may hold one. */ readonly disk: Located<string> | null;
      readonly origins: Origins;
    }
  | {
      readonly kind: 'grub';
      readonly program: string;
      readonly root: Value;
      /** Where grub.cfg is on the root; null for the directory that grub-bhyve looks at. */
      readonly directory: Located<string> | null;
      readonly deviceMap: readonly { readonly device: string; readonly path: string; readonly origins: Origins }[];
      /** The file that the map is written to. */
      readonly deviceMapPath: string;
      /** What it does instead of what a grub.cfg on its root says; null where that is read. */
      readonly config: GrubConfig | null;
      /** Serial port 1, where grub-bhyve can use it, or the path of a device. */
      readonly console: (Device & { readonly kind: 'uart' }) | Located<string> | null;
      readonly origins: Origins;
    }
  | {
      /** A program with its arguments as written; `bhyveload` too, where the XML gives its arguments. */
      readonly kind: 'custom';
      readonly program: string;
      readonly words: readonly string[];
      readonly origins: Origins;
    };

/** A limit on the time that a loader may take, in seconds. */
export interface LoaderTimeout {
  readonly seconds: number;
  readonly killSeconds: number;
  readonly verbose: boolean;
}

/** A word for bhyve that the user wrote. */
export interface RawWord {
  readonly pieces: readonly Piece[];
  readonly origins: Origins;
}

/** One option of the user's own words for bhyve, with what it means. */
export interface RawOption {
  /** Its letter; null for words that are no option. */
  readonly letter: string | null;
  /** As written. */
  readonly words: readonly RawWord[];
  /** The keys that say the same; null where only the command line can say it, or nobody can read it. */
  readonly entries: readonly ConfigEntry[] | null;
  /** The place of a PCI device, and its name in `-s`. */
  readonly seat: { readonly address: PciAddress; readonly device: string } | null;
  /** What the host must be able to do. */
  readonly requires: readonly Capability[];
}

/** What the lock knows of the devices, and what was given to them before the machine was made. */
export interface Remembered {
  /** By the keys that the devices have now. */
  readonly known: GuestHardware;
  /** The UUID, drive units and ports. */
  readonly seats: GuestHardware;
  /** The keys of devices that are in the XML. */
  readonly present: ReadonlySet<string>;
}

/** A guest as bhyve would run it. */
export interface Machine {
  readonly name: Located<string>;
  readonly arch: Arch;
  /** Name of the host profile that it is made for. */
  readonly target: string;
  readonly origins: Origins;
  readonly program: Located<string>;
  readonly uuid: Located<string> | null;
  readonly cpus: Cpus;
  readonly scheduling: Scheduling;
  readonly memory: Memory;
  /** `-A` is to be printed. */
  readonly acpiOption: Origins | null;
  /** The guest has ACPI tables. */
  readonly acpi: boolean;
  /** Unknown MSRs are ignored. */
  readonly ignoreMsrs: Origins | null;
  /** The clock runs in UTC. */
  readonly utc: Origins | null;
  /** Keyboard layout of the VNC server. */
  readonly keyboard: Located<string> | null;
  readonly smbios: readonly { readonly key: string; readonly value: string; readonly origins: Origins }[];
  /** Devices in the order in which they are placed and bhyve is told of them, the host bridge first. */
  readonly devices: readonly Device[];
  /** Words of the user, which stand between the two lists of devices. */
  readonly raw: readonly RawOption[];
  /** Devices of the host, placed and told last. */
  readonly hostDevices: readonly Device[];
  /** The serial ports among the devices: a user can attach to them. */
  readonly consoles: readonly (Device & { readonly kind: 'uart' })[];
  readonly loader: Loader;
  readonly loaderTimeout: LoaderTimeout | null;
  /** The run directory of an unprivileged bhyve; null for a privileged one. */
  readonly rundir: string | null;
  /** A file for the keys that no command line may show; null where bhyve cannot read one. */
  readonly secretsPath: string | null;
  /** The volume of cloud-init; null for a guest without one. */
  readonly seed: Omit<StepOf<'seed'>, 'kind'> | null;
  readonly lifecycle: { readonly onPoweroff: Action; readonly onReboot: Action; readonly onCrash: Action };
  readonly limits: readonly ResourceRule[];
  readonly startAfter: readonly Located<string>[];
  readonly remembered: Remembered;
}

/** All devices, in the order in which they are placed. */
export function allDevices(machine: Machine): readonly Device[] {
  return [...machine.devices, ...machine.hostDevices];
}

/** A machine whose every need has one grant, and no grant is used twice. */
export interface PlacedMachine {
  readonly machine: Machine;
  readonly grants: Grants;
  /** What the guest has now, for the lock. */
  readonly hardware: GuestHardware;
}

/** Fails to compile when a new kind of device has no origins: every node of the IR knows where it came from. */
export function originsOf(device: Device): Origins {
  return device.origins;
}
