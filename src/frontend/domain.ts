/**
 * A domain in libvirt's words, as the user wrote it: typed values with their places, nothing filled in. What libvirt
 * adds to it is the business of `passes/complete`.
 */
import type { Located, Span } from '../diagnostics/source.ts';
import type { Channel, Console, Serial } from './elements/character.ts';
import type { Controller } from './elements/controller.ts';
import type { NumaCell, Topology, VcpuPin, Vcpus } from './elements/cpu.ts';
import type { Cputune, MemoryNodes } from './elements/cputune.ts';
import type { Disk } from './elements/disk.ts';
import type { Graphics, Video } from './elements/display.ts';
import type { Interface } from './elements/interface.ts';
import type { Metadata } from './elements/metadata.ts';
import type { Os } from './elements/os.ts';
import type { Filesystem } from './elements/filesystem.ts';
import type { Hostdev } from './elements/hostdev.ts';
import type { Input } from './elements/input.ts';
import type { OtherDevice } from './elements/other-device.ts';
import type { Rng } from './elements/rng.ts';
import type { Tpm } from './elements/tpm.ts';
import type { Audio, Sound } from './elements/sound.ts';
import type { BlkioDevice, Memtune, Sysinfo } from './elements/tuning.ts';

/** What happens when the guest ends in one of the ways. */
export type LifecycleAction =
  | 'destroy'
  | 'restart'
  | 'preserve'
  | 'rename-restart'
  | 'coredump-destroy'
  | 'coredump-restart';

/** The three lifecycle elements; null where the XML has none. */
export interface Lifecycle {
  readonly onPoweroff: Located<LifecycleAction> | null;
  readonly onReboot: Located<LifecycleAction> | null;
  readonly onCrash: Located<LifecycleAction> | null;
}

/** A device with the name that the user gave it, `ua-...`; null where it has none or only one that libvirt made up. */
export type Aliased<T> = T & { readonly alias: Located<string> | null };

/** Guest devices, one list for each element, in document order. */
export interface Devices {
  readonly emulator: Located<string> | null;
  readonly disks: readonly Aliased<Disk>[];
  readonly controllers: readonly Controller[];
  readonly interfaces: readonly Aliased<Interface>[];
  readonly serials: readonly Aliased<Serial>[];
  readonly consoles: readonly Aliased<Console>[];
  readonly channels: readonly Aliased<Channel>[];
  readonly graphics: readonly Aliased<Graphics>[];
  readonly videos: readonly Aliased<Video>[];
  readonly sounds: readonly Aliased<Sound>[];
  readonly audios: readonly Audio[];
  readonly filesystems: readonly Aliased<Filesystem>[];
  readonly rngs: readonly Aliased<Rng>[];
  readonly inputs: readonly Input[];
  readonly hostdevs: readonly Aliased<Hostdev>[];
  readonly tpms: readonly Tpm[];
  readonly others: readonly OtherDevice[];
}

/** A domain. */
export interface Domain extends Metadata {
  readonly at: Span;
  readonly type: Located<string>;
  readonly name: Located<string>;
  readonly uuid: Located<string> | null;
  /** Null where the XML gives none; the NUMA cells may. */
  readonly memoryKib: Located<bigint> | null;
  /** What the guest is given of it by a balloon device. */
  readonly currentMemoryKib: Located<bigint> | null;
  readonly maxMemory: Span | null;
  readonly wired: Span | null;
  readonly vcpus: Vcpus;
  /** `<vcpus>` with states of single CPUs. */
  readonly individualVcpus: Span | null;
  readonly topology: Topology | null;
  readonly numa: readonly NumaCell[];
  readonly pins: readonly VcpuPin[];
  readonly cputune: Cputune;
  /** Where the host takes the memory from. */
  readonly memoryNodes: MemoryNodes | null;
  readonly os: Os;
  readonly acpi: Span | null;
  readonly msrs: Located<'ignore' | 'fault'> | null;
  readonly clock: Located<string>;
  readonly lifecycle: Lifecycle;
  readonly blkio: readonly BlkioDevice[];
  readonly memtune: Memtune;
  readonly sysinfo: Sysinfo;
  readonly devices: Devices;
  /** `<bhyve:arg>` values. */
  readonly commandline: readonly Located<string>[];
}
