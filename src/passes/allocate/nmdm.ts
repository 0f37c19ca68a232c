/** Null-modem pairs: those that the XML names, else those of the lock, else pairs whose suffix is the guest's UUID. Reports: BV0705. */
import type { NmdmPair } from '../../ir/units.ts';
import { guestKey } from '../../ir/hardware.ts';
import { derivedUuid } from '../../ir/names.ts';
import type { Allocator } from './allocator.ts';

export const allocateNmdm: Allocator<'nmdm'> = (needs, machine, { isTaken, reporter }) => {
  const grants = new Map<string, NmdmPair>();
  const taken = new Map<string, (typeof needs)[number]>();
  for (const need of needs) {
    if (need.wanted === null) continue;
    const base = need.wanted.guest.slice(0, -1);
    const other = taken.get(base);
    if (other !== undefined) {
      const notes = [{ span: other.at, text: 'the other port' }];
      reporter.report('BV0705', need.at, { path: need.wanted.guest, owner: other.owner }, { notes });
    }
    taken.set(base, need);
    grants.set(need.id, need.wanted);
  }
  for (const need of needs) {
    if (need.wanted !== null || need.held === null || taken.has(need.held.guest.slice(0, -1))) continue;
    taken.set(need.held.guest.slice(0, -1), need);
    grants.set(need.id, need.held);
  }
  const uuid = machine.remembered.seats.get(guestKey)?.uuid ?? derivedUuid(machine.name.value);
  const kept = new Set([...machine.remembered.known.values()].flatMap(({ nmdm }) => nmdm?.guest.slice(0, -1) ?? []));
  const isUsed = (base: string): boolean => taken.has(base) || kept.has(base) || isTaken('nmdm', base);
  let number = 1;
  for (const need of needs) {
    if (grants.has(need.id)) continue;
    const pairBase = (): string => `/dev/nmdm${uuid}${number === 1 ? '' : `.${String(number)}`}`;
    while (isUsed(pairBase())) number += 1;
    taken.set(pairBase(), need);
    grants.set(need.id, { guest: `${pairBase()}A`, user: `${pairBase()}B` });
  }
  return grants;
};
