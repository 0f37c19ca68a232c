/**
 * PCI functions (libvirt-compile reference, section 5): explicit addresses first, slot 1 for the LPC bridge, then the
 * lowest slot with no function in use, function 0, in the order of the devices. Reports: BV0701 to BV0703, BV1701.
 */
import type { Need } from '../../ir/needs.ts';
import { hexPciAddress, type PciAddress } from '../../ir/units.ts';
import type { Allocator } from './allocator.ts';

/** Slots of a bus; 0 is the host bridge's. */
const lastSlot = 31;
/** The slot that libvirt keeps for the LPC bridge, whether there is one or not. */
const lpcSlot = 1;

export const allocatePci: Allocator<'pci'> = (needs, _machine, { reporter }) => {
  const grants = new Map<string, PciAddress>();
  const functions = new Map<string, Need<'pci'>>();
  const usedSlots = new Set<number>([0]);
  const reserve = (need: Need<'pci'>, address: PciAddress): void => {
    if (address.bus === 0 && address.slot === 0 && address.function === 0) {
      reporter.report(taken(need), need.at, { address: hexPciAddress(address), owner: 'the host bridge' });
      return;
    }
    const holder = functions.get(hexPciAddress(address));
    if (holder !== undefined) {
      reporter.report(
        taken(need),
        need.at,
        { address: hexPciAddress(address), owner: holder.owner },
        { notes: [{ span: holder.at, text: `taken by ${holder.owner}` }] },
      );
      return;
    }
    functions.set(hexPciAddress(address), need);
    if (address.bus === 0) usedSlots.add(address.slot);
    grants.set(need.id, address);
  };
  for (const need of needs) if (need.wanted !== null) reserve(need, need.wanted);
  if (!usedSlots.has(lpcSlot)) {
    const preferring = needs.find((need) => need.wanted === null && need.prefers !== undefined);
    if (preferring?.prefers !== undefined) reserve(preferring, preferring.prefers);
    usedSlots.add(lpcSlot);
  }
  let slot = lpcSlot;
  for (const need of needs) {
    if (need.wanted !== null || grants.has(need.id)) continue;
    while (slot <= lastSlot && usedSlots.has(slot)) slot += 1;
    if (slot > lastSlot) {
      reporter.report('BV0702', need.at, { owner: need.owner, count: needs.length });
      return grants;
    }
    reserve(need, { bus: 0, slot, function: 0 });
  }
  reportOrphanFunctions(functions, reporter);
  return grants;
};

/** A slot of the user's own words has another cure than an `<address>`. */
function taken({ cure }: Need<'pci'>): 'BV0701' | 'BV1701' {
  return cure === 'arg' ? 'BV1701' : 'BV0701';
}

/** A guest finds the functions of a slot only where function 0 is there. */
function reportOrphanFunctions(
  functions: ReadonlyMap<string, Need<'pci'>>,
  reporter: Parameters<Allocator<'pci'>>[2]['reporter'],
): void {
  for (const need of functions.values()) {
    const { wanted } = need;
    if (wanted === null || wanted.function === 0 || (wanted.bus === 0 && wanted.slot === 0)) continue;
    if (functions.has(hexPciAddress({ ...wanted, function: 0 }))) continue;
    reporter.report('BV0703', need.at, { owner: need.owner, slot: wanted.slot });
  }
}
