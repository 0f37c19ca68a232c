/** Identifiers and quantities in bhyve's units, and the functions that write them as bhyve(8) reads them. */

/** A PCI function of the guest: bus 0 to 255, slot 0 to 31, function 0 to 7. */
export interface PciAddress {
  readonly bus: number;
  readonly slot: number;
  readonly function: number;
}

/** The two ends of a null-modem pair, nmdm(4): bhyve opens the first, the user the second. */
export interface NmdmPair {
  readonly guest: string;
  readonly user: string;
}

/** `slot:function`, or `bus:slot:function` where the bus is not 0; decimal, bhyve(8), option `-s`. */
export function formatPciAddress({ bus, slot, function: fn }: PciAddress): string {
  return bus === 0 ? `${String(slot)}:${String(fn)}` : `${String(bus)}:${String(slot)}:${String(fn)}`;
}

/** `pci.BUS.SLOT.FUNCTION`, the node of a PCI function in bhyve_config(5). */
export function pciKey({ bus, slot, function: fn }: PciAddress): string {
  return `pci.${String(bus)}.${String(slot)}.${String(fn)}`;
}

/** The address as libvirt and pciconf(8) readers know it: `dddd:bb:ss.f` in hexadecimal. */
export function hexPciAddress({ bus, slot, function: fn }: PciAddress, domain = 0): string {
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
  return `${hex(domain, 4)}:${hex(bus, 2)}:${hex(slot, 2)}.${String(fn)}`;
}

/** KiB as whole MiB, rounded up: bhyve's memory is given in MiB. */
export function mibOf(kib: bigint): bigint {
  return (kib + 1023n) / 1024n;
}

/** A set of CPUs in compressed form: `0-3,5`. The input ascends. */
export function formatCpuSet(cpus: readonly number[]): string {
  const ranges: string[] = [];
  for (let i = 0; i < cpus.length; i++) {
    const first = cpus[i];
    while (i + 1 < cpus.length && cpus[i + 1] === (cpus[i] ?? 0) + 1) i += 1;
    const last = cpus[i];
    ranges.push(first === last ? String(first) : `${String(first)}-${String(last)}`);
  }
  return ranges.join(',');
}

/** The last TCP port. */
export const lastPort = 65_535;

/** The TCP port that a text names in digits; null where it names a service, or none. */
export function tcpPortOf(text: string): number | null {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= lastPort ? port : null;
}
