/** The one table of all that differs between the two dialects. `docs/dialects.md` is generated from it. */

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
