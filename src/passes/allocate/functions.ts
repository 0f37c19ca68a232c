/**
 * Where all slots of bus 0 are taken: functions 1 to 7 of a slot that another device has. Guests look for them (bhyve marks
 * function 0 as one of several), and so does the firmware, of which nobody says that it sees a bus beyond 0. Function 0 is
 * that of a disk, which no guest calls otherwise for its neighbours; then that of a device that no guest can know yet.
 */
import type { Need } from '../../ir/needs.ts';
import { hexPciAddress, type PciAddress } from '../../ir/units.ts';

const lastSlot = 31;
const lastFunction = 7;

/** The functions of bus 0 that devices have, by address. */
type Taken = ReadonlyMap<string, Need<'pci'>>;

/**
 * The first function that a device can have on the slot of another one.
 * @param kept what the lock has for devices that are not there
 * @returns null where there is none, and for a device that is to have its slot alone
 */
export function freeFunction(need: Need<'pci'>, taken: Taken, kept: readonly PciAddress[]): PciAddress | null {
  if (need.slot === 'alone') return null;
  const used = new Set([...taken.keys(), ...kept.map((address) => hexPciAddress(address))]);
  return firstOf(taken, used, isOfDisk) ?? firstOf(taken, used, isUnknown);
}

type Choice = (holder: Need<'pci'>, hasNeighbours: boolean) => boolean;

const isOfDisk: Choice = ({ slot }) => slot === 'shared';

/** No guest has seen it by itself: it is new, or it has neighbours. */
const isUnknown: Choice = ({ slot, cure, wanted, held }, hasNeighbours) =>
  slot === undefined && cure === undefined && (hasNeighbours || (wanted === null && held === null));

function firstOf(taken: Taken, used: ReadonlySet<string>, choice: Choice): PciAddress | null {
  for (let slot = 1; slot <= lastSlot; slot += 1) {
    const others = Array.from({ length: lastFunction }, (_, place) => ({ bus: 0, slot, function: place + 1 }));
    const free = others.filter((address) => !used.has(hexPciAddress(address)));
    const holder = taken.get(hexPciAddress({ bus: 0, slot, function: 0 }));
    if (holder !== undefined && free[0] !== undefined && choice(holder, free.length < lastFunction)) return free[0];
  }
  return null;
}
