/** The ordered list of emulations; the union of devices follows from it. */
import type { Emulation } from './define.ts';
import { ahci } from './ahci.ts';
import { bootrom } from './bootrom.ts';
import { emptySlot } from './empty-slot.ts';
import { fbuf } from './fbuf.ts';
import { hda } from './hda.ts';
import { hostbridge } from './hostbridge.ts';
import { lpc } from './lpc.ts';
import { e1000, virtioNet } from './network.ts';
import { nvme } from './nvme.ts';
import { passthru } from './passthru.ts';
import { tpm } from './tpm.ts';
import { uart } from './uart.ts';
import { virtio9p } from './virtio-9p.ts';
import { virtioBlk } from './virtio-blk.ts';
import { virtioConsole } from './virtio-console.ts';
import { virtioRnd } from './virtio-rnd.ts';
import { virtioScsi } from './virtio-scsi.ts';
import { xhci } from './xhci.ts';

/** Every emulation, in the order of the device table. */
export const emulations = [
  hostbridge,
  lpc,
  bootrom,
  uart,
  tpm,
  ahci,
  virtioBlk,
  nvme,
  virtioScsi,
  virtioNet,
  e1000,
  virtioConsole,
  xhci,
  fbuf,
  hda,
  virtio9p,
  virtioRnd,
  passthru,
  emptySlot,
] as const;

type DeviceOf<E> = E extends Emulation<infer D> ? D : never;

/** Any device of a machine. */
export type Device = DeviceOf<(typeof emulations)[number]>;

const byKind = new Map<string, Emulation<Device>>(
  // One cast ties the list to its types: each emulation is only ever asked about devices of its own kind.
  emulations.map((emulation) => [emulation.kind, emulation as unknown as Emulation<Device>]),
);

/** The emulation of a device. */
export function emulationOf(device: Device): Emulation<Device> {
  const found = byKind.get(device.kind);
  if (found === undefined) throw new Error(`no emulation of kind ${device.kind}`);
  return found;
}
