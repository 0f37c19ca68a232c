/** The ordered list of emulations; the union of devices follows from it. */
import type { Emulation } from './define.ts';
import { ahci } from './ahci.ts';
import { bootrom, emptySlot, hostbridge, lpc, tpm, uart } from './chipset.ts';
import { fbuf } from './fbuf.ts';
import { e1000, virtioNet } from './network.ts';
import { nvme } from './nvme.ts';
import { hda, passthru, virtio9p, virtioRnd, xhci } from './small.ts';
import { virtioBlk } from './virtio-blk.ts';
import { virtioConsole } from './virtio-console.ts';
import { virtioScsi } from './virtio-scsi.ts';

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
