/**
 * PCI functions (libvirt-compile reference, section 5): explicit addresses first, then those of the lock, slot 1 for the LPC
 * bridge, then the lowest slot with no function in use, function 0, in the order of the devices; where no slot is left, functions
 * of slots that others have (`functions.ts`). A slot that the lock keeps for a device that is gone is not given to another one
 * that asks for no address. Reports: BV0701 to BV0703, BV0707 to BV0710, BV1701.
 */
import type { Machine } from '../../ir/machine.ts';
import type { Need } from '../../ir/needs.ts';
import { hexPciAddress, type PciAddress } from '../../ir/units.ts';
import type { Context } from '../context.ts';
import type { Allocator } from './allocator.ts';
import { freeFunction } from './functions.ts';

/** What messages call the device on slot 0. */
const hostbridgeOwner = 'the host bridge';
/** Slots of a bus; 0 is the host bridge's. */
const lastSlot = 31;
/** The slot that libvirt keeps for the LPC bridge, whether there is one or not. */
const lpcSlot = 1;

export const allocatePci: Allocator<'pci'> = (needs, machine, context) => {
  const { dialect, reporter } = context;
  const grants = new Map<string, PciAddress>();
  const functions = new Map<string, Need<'pci'>>();
  const usedSlots = new Set<number>([0]);
  const reserve = (need: Need<'pci'>, address: PciAddress): void => {
    if (address.bus === 0 && address.slot === 0 && address.function === 0) {
      const values = { address: hexPciAddress(address), owner: hostbridgeOwner, cure: cureFor(hostbridgeOwner) };
      reporter.report(taken(need), need.at, values);
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
  const kept = keptAddresses(needs, machine);
  for (const { slot } of kept) usedSlots.add(slot);
  const open = needs.filter((need) => isOpen(need) && !grants.has(need.id));
  const free = Array.from({ length: lastSlot }, (_, place) => place + 1).filter((slot) => !usedSlots.has(slot));
  const joins = dialect.ours('pci-functions');
  // These cannot join another slot: where it comes to that, slots are kept for them.
  let waiting = joins ? open.filter(({ slot }) => slot === 'alone').length : 0;
  const joined: Need<'pci'>[] = [];
  for (const need of open) {
    if (joins && need.slot === 'alone') waiting -= 1;
    const slot = free.length > waiting ? free.shift() : undefined;
    const address = slot === undefined && joins ? freeFunction(need, functions, kept) : placeIn(slot);
    if (address === null) {
      reporter.report('BV0702', need.at, { owner: need.owner, count: needs.length });
      return grants;
    }
    if (slot === undefined) joined.push(need);
    reserve(need, address);
  }
  reportJoined(joined, grants, reporter);
  reportOrphanFunctions(functions, machine, reporter);
  return grants;
};

function placeIn(slot: number | undefined): PciAddress | null {
  return slot === undefined ? null : { bus: 0, slot, function: 0 };
}

function isOpen({ wanted, held }: Need<'pci'>): boolean {
  return wanted === null && held === null;
}

/** Where the lock has devices that are not there; of bus 0. */
function keptAddresses(needs: readonly Need<'pci'>[], { remembered }: Machine): readonly PciAddress[] {
  const asking = new Set(needs.map(({ key }) => key));
  return [...remembered.known].flatMap(([key, { pci }]) =>
    pci === undefined || pci.bus !== 0 || asking.has(key) ? [] : [pci],
  );
}

/** A slot of the user's own words has another cure than an `<address>`. */
function taken({ cure }: Need<'pci'>): 'BV0701' | 'BV1701' {
  return cure === 'arg' ? 'BV1701' : 'BV0701';
}

/** What else can be done about the device that a word of the user's own meets. */
function cureFor(owner: string): string {
  if (owner.startsWith('<bhyve:arg>')) return ', or in the other one';
  return owner === hostbridgeOwner
    ? "; <b:hostbridge model='amd_hostbridge'/> in <metadata> asks for another bridge"
    : ', or an <address> for the other device';
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
  const { owner } = holder;
  const place = { address: hexPciAddress(address), guest: name.value };
  if (need.wanted !== null) {
    reporter.report(taken(need), need.at, { address: place.address, owner, cure: cureFor(owner) }, { notes });
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

/** Once for all of a guest. */
function reportJoined(
  joined: readonly Need<'pci'>[],
  grants: ReadonlyMap<string, PciAddress>,
  reporter: Context['reporter'],
): void {
  const [first] = joined;
  const address = first === undefined ? undefined : grants.get(first.id);
  if (first === undefined || address === undefined) return;
  const others = joined.length - 1;
  const more = others === 0 ? '' : `, ${String(others)} more likewise`;
  reporter.report('BV0709', first.at, { owner: first.owner, slot: address.slot, function: address.function, more });
}

/** A guest finds the functions of a slot only where function 0 is there. */
function reportOrphanFunctions(
  functions: ReadonlyMap<string, Need<'pci'>>,
  { name }: Machine,
  reporter: Context['reporter'],
): void {
  for (const need of functions.values()) {
    const address = need.wanted ?? need.held;
    if (address === null || address.function === 0 || (address.bus === 0 && address.slot === 0)) continue;
    if (functions.has(hexPciAddress({ ...address, function: 0 }))) continue;
    const { owner, key } = need;
    if (need.wanted !== null || key === null) reporter.report('BV0703', need.at, { owner, slot: address.slot });
    else reporter.report('BV0710', need.at, { owner, address: hexPciAddress(address), guest: name.value, key });
  }
}
