/**
 * PCI functions (libvirt-compile reference, section 5): explicit addresses first, then those of the lock, slot 1 for the LPC
 * bridge, then the lowest slot with no function in use, function 0, in the order of the devices. A slot that the lock keeps
 * for a device that is gone is not given to another one that asks for no address. Reports: BV0701 to BV0703, BV0707,
 * BV0708, BV1701.
 */
import type { Machine } from '../../ir/machine.ts';
import type { Need } from '../../ir/needs.ts';
import { hexPciAddress, type PciAddress } from '../../ir/units.ts';
import type { Context } from '../context.ts';
import type { Allocator } from './allocator.ts';

/** Slots of a bus; 0 is the host bridge's. */
const lastSlot = 31;
/** The slot that libvirt keeps for the LPC bridge, whether there is one or not. */
const lpcSlot = 1;

export const allocatePci: Allocator<'pci'> = (needs, machine, { reporter }) => {
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
      reportTaken(need, holder, address, machine, reporter);
      return;
    }
    functions.set(hexPciAddress(address), need);
    if (address.bus === 0) usedSlots.add(address.slot);
    grants.set(need.id, address);
  };
  for (const need of needs) if (need.wanted !== null) reserve(need, need.wanted);
  for (const need of needs) if (need.wanted === null && need.held !== null) reserve(need, need.held);
  if (!usedSlots.has(lpcSlot)) {
    const preferring = needs.find((need) => isOpen(need) && need.prefers !== undefined);
    if (preferring?.prefers !== undefined) reserve(preferring, preferring.prefers);
    usedSlots.add(lpcSlot);
  }
  for (const slot of keptSlots(needs, machine)) usedSlots.add(slot);
  let slot = lpcSlot;
  for (const need of needs) {
    if (!isOpen(need) || grants.has(need.id)) continue;
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

function isOpen({ wanted, held }: Need<'pci'>): boolean {
  return wanted === null && held === null;
}

/** The slots that the lock keeps for devices that are not there. */
function keptSlots(needs: readonly Need<'pci'>[], { remembered }: Machine): readonly number[] {
  const asking = new Set(needs.map(({ key }) => key));
  return [...remembered.known].flatMap(([key, { pci }]) =>
    pci === undefined || pci.bus !== 0 || asking.has(key) ? [] : [pci.slot],
  );
}

/** A slot of the user's own words has another cure than an `<address>`. */
function taken({ cure }: Need<'pci'>): 'BV0701' | 'BV1701' {
  return cure === 'arg' ? 'BV1701' : 'BV0701';
}

/** Two devices on one function: whether the lock has a part in it decides what can be done. */
function reportTaken(
  need: Need<'pci'>,
  holder: Need<'pci'>,
  address: PciAddress,
  { name }: Machine,
  reporter: Context['reporter'],
): void {
  const notes = [{ span: holder.at, text: `taken by ${holder.owner}` }];
  const place = { address: hexPciAddress(address), guest: name.value };
  if (need.wanted !== null) {
    reporter.report(taken(need), need.at, { address: place.address, owner: holder.owner }, { notes });
  } else {
    // Who asks for it in the XML comes first: what stands in the way is what the lock gave before.
    const code = holder.wanted === null ? 'BV0708' : 'BV0707';
    const values = { ...place, owner: need.owner, other: holder.owner, key: need.key ?? '' };
    reporter.report(code, holder.wanted === null ? need.at : holder.at, values, {
      notes: [
        holder.wanted === null ? { span: holder.at, text: 'the other device' } : { span: need.at, text: need.owner },
      ],
    });
  }
}

/** A guest finds the functions of a slot only where function 0 is there. */
function reportOrphanFunctions(functions: ReadonlyMap<string, Need<'pci'>>, reporter: Context['reporter']): void {
  for (const need of functions.values()) {
    const address = need.wanted ?? need.held;
    if (address === null || address.function === 0 || (address.bus === 0 && address.slot === 0)) continue;
    if (functions.has(hexPciAddress({ ...address, function: 0 }))) continue;
    reporter.report('BV0703', need.at, { owner: need.owner, slot: address.slot });
  }
}
