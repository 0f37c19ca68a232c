/**
 * A domain with all that libvirt adds to one before it looks at devices: implied controllers and devices, default buses
 * and ports, the order of its lists. Still in libvirt's words; each added part has the span of what implied it.
 */
import type { Located, Origins, Span } from '../../diagnostics/source.ts';
import type { Channel, CharacterSource } from '../../frontend/elements/character.ts';
import type { Address } from '../../frontend/elements/address.ts';
import type { Controller, ControllerType } from '../../frontend/elements/controller.ts';
import type { Disk, DiskBus } from '../../frontend/elements/disk.ts';
import type { Video } from '../../frontend/elements/display.ts';
import type { Domain } from '../../frontend/domain.ts';
import type { Arch } from '../../host/profile.ts';
import type { Recall } from './recall.ts';

/** A disk with its bus, and its place where the bus has controllers. */
export interface CompleteDisk {
  readonly disk: Disk;
  readonly bus: DiskBus;
  /** Number of the controller; null for virtio disks, which are controllers of their own. */
  readonly controller: number | null;
  /** Its port on an ahci device, from 0; null where the order of the disks says it. */
  readonly unit: number | null;
}

/** A controller with its index, written or implied. */
export interface CompleteController {
  readonly type: ControllerType;
  readonly index: number;
  readonly model: Located<string> | null;
  /** Ports of a virtio-serial controller. */
  readonly ports: number;
  readonly serial: Located<string> | null;
  readonly address: Address | null;
  /** False for one that only something else implies. */
  readonly written: boolean;
  /** Where its parts are written; what implies it for one that is not. */
  readonly places: Controller['places'];
  readonly origins: Origins;
}

/** A serial port with its number. */
export interface CompleteSerial {
  readonly source: CharacterSource;
  /** The element that it was read from. */
  readonly device: object;
  /** From 0. */
  readonly port: number;
  /** What the XML says of the port itself. */
  readonly parts: readonly Located<unknown>[];
  /** Where the number was written; else the port. */
  readonly at: Span;
  readonly origins: Origins;
}

/** A virtio channel with its place. */
export interface CompleteChannel {
  readonly channel: Channel;
  readonly controller: number;
  readonly port: number;
}

/** A video device; one that graphics imply has no address, resolution or driver. */
export interface CompleteVideo {
  readonly video: Video;
  readonly implied: boolean;
}

/** The whole domain. */
export interface CompleteDomain {
  readonly domain: Domain;
  /** What the lock knows of its devices. */
  readonly recall: Recall;
  readonly arch: Arch;
  /** Lower-case canonical form; where the XML has none that of the lock, or one that follows from the name. */
  readonly uuid: string;
  /** In libvirt's list order. */
  readonly disks: readonly CompleteDisk[];
  readonly controllers: readonly CompleteController[];
  readonly serials: readonly CompleteSerial[];
  readonly channels: readonly CompleteChannel[];
  readonly videos: readonly CompleteVideo[];
  /** `<boot dev>` entries, or the default one; empty where devices have boot orders. */
  readonly bootDevs: readonly Located<'hd' | 'cdrom' | 'fd' | 'network'>[];
}
