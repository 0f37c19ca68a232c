/**
 * The values of an entry of `bhyvec.lock` as texts: a PCI function is BUS:SLOT:FUNCTION as bhyve(8) takes it, a seat is
 * CONTROLLER:UNIT, a null-modem pair is the end that bhyve opens.
 */
import { pairOf, type Held, type Seat } from '../ir/hardware.ts';
import { tapName } from '../ir/names.ts';
import { lastPort, type PciAddress } from '../ir/units.ts';
import { patterns } from './patterns.ts';

/** An entry as it stands in the file. */
export type Entry = Readonly<Record<string, unknown>>;

/** Writes an entry: its values in a fixed order. */
export function entryOf(held: Held): Entry {
  const { uuid, pci, mac, tap, nmdm, com, drive, port, gone } = held;
  const fields: readonly (readonly [string, unknown])[] = [
    ['uuid', uuid],
    ['pci', pci === undefined ? undefined : numbersOf(pci.bus, pci.slot, pci.function)],
    ['mac', mac],
    ['tap', tap?.name],
    ['vnc', held['vnc-port']],
    ['com', com],
    ['nmdm', nmdm?.guest],
    ['drive', drive === undefined ? undefined : numbersOf(drive.controller, drive.unit)],
    ['port', port === undefined ? undefined : numbersOf(port.controller, port.unit)],
    ['gone', gone],
  ];
  // What the words of libvirt's dialect allow and nobody could read back is left out.
  return Object.fromEntries(fields.filter(([name, value]) => value !== undefined && readers[name]?.(value) != null));
}

function numbersOf(...numbers: readonly number[]): string {
  return numbers.join(':');
}

/** How one field is read: null for a value that it cannot have. */
type Reader = (value: unknown) => Held | null;

const readers: Readonly<Record<string, Reader>> = {
  uuid: (value) => (typeof value === 'string' && patterns.uuid.test(value) ? { uuid: value } : null),
  pci(value) {
    const pci = pciOf(value);
    return pci === null ? null : { pci };
  },
  mac: (value) => (typeof value === 'string' && patterns.mac.test(value) ? { mac: value } : null),
  tap: (value) => (typeof value === 'string' && patterns.tap.test(value) ? { tap: tapName(value) } : null),
  vnc: (value) => (isWithin(value, 1, lastPort) ? { 'vnc-port': value } : null),
  com: (value) => (isWithin(value, 1, 4) ? { com: value } : null),
  nmdm: (value) => (typeof value === 'string' && patterns.nmdm.test(value) ? { nmdm: pairOf(value) } : null),
  drive(value) {
    const drive = seatOf(value);
    return drive === null ? null : { drive };
  },
  port(value) {
    const port = seatOf(value);
    return port === null ? null : { port };
  },
  gone: (value) => (value === true ? { gone: true } : null),
};

/** Reads an entry; the name of the field that is not as it has to be where there is one. */
export function readEntry(entry: Entry): Held | { readonly wrong: string } {
  let held: Held = {};
  for (const [name, value] of Object.entries(entry)) {
    const read = Object.hasOwn(readers, name) ? (readers[name]?.(value) ?? null) : null;
    if (read === null) return { wrong: name };
    held = { ...held, ...read };
  }
  return held;
}

function isWithin(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
}

function pciOf(value: unknown): PciAddress | null {
  const [, bus, slot, fn] = typeof value === 'string' ? (patterns.pci.exec(value) ?? []) : [];
  const address = { bus: Number(bus), slot: Number(slot), function: Number(fn) };
  return isWithin(address.bus, 0, 255) && isWithin(address.slot, 0, 31) ? address : null;
}

function seatOf(value: unknown): Seat | null {
  const [, controller, unit] = typeof value === 'string' ? (patterns.seat.exec(value) ?? []) : [];
  return unit === undefined ? null : { controller: Number(controller), unit: Number(unit) };
}
