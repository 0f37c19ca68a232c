/**
 * The two dialects, and the one table of all that differs between them. A pass asks `dialect.ours(row)`; nothing else in
 * the compiler knows which dialect is wanted. `docs/dialects.md` is generated from this table.
 */

import { boot } from './rows/boot.ts';
import { devices } from './rows/devices.ts';
import { disks } from './rows/disks.ts';
import { display } from './rows/display.ts';
import { guest } from './rows/guest.ts';
import { network } from './rows/network.ts';

/** The rows by topic, in the order of docs/dialects.md. */
export const topics = {
  Disks: disks,
  Network: network,
  'Screen, sound and input': display,
  'Other devices': devices,
  'Firmware and loaders': boot,
  'The guest as a whole': guest,
} as const;

export const differences = { ...disks, ...network, ...display, ...devices, ...boot, ...guest } as const;

/** The name of a row. */
export type DifferenceName = keyof typeof differences;

/** Which of the two outputs is wanted: all that bhyve can do, or byte for byte what libvirt prints. */
export type DialectName = 'bhyvec' | 'libvirt';

/** A dialect, as passes see it. */
export interface Dialect {
  readonly name: DialectName;
  /** True where the row is to come out as bhyvec does it. */
  ours(row: DifferenceName): boolean;
}

/** Gives the dialect of that name. */
export function dialectOf(name: DialectName): Dialect {
  return { name, ours: () => name === 'bhyvec' };
}
