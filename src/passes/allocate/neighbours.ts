/**
 * One allocation for all guests of a host: what each has by the lock, by its XML and by what it was granted, so that nothing
 * that the XML leaves open is given to two of them. Pinned things count before anything is granted, whoever comes first.
 */
import { emulationOf } from '../../ir/emulations/index.ts';
import { claimsOf, type GuestHardware, type Hardware, type HostClaim, type HostWideKind } from '../../ir/hardware.ts';
import { allDevices, type Machine } from '../../ir/machine.ts';

/** Who has what. */
export interface Neighbours {
  /** For one guest: whether another one has it. */
  isTakenFor(guest: string): (kind: HostWideKind, value: string) => boolean;
  /** Notes what a guest was granted. */
  add(guest: string, hardware: GuestHardware): void;
}

/** What a machine pins of what only one guest of a host can have. */
export function pinnedBy(machine: Machine): readonly HostClaim[] {
  return allDevices(machine).flatMap((device) => {
    const emulation = emulationOf(device);
    const needs = emulation.needs(device);
    const held = needs.flatMap(({ kind, wanted }) => (wanted === null ? [] : claimsOf({ [kind]: wanted })));
    const ports = emulation.uses(device).filter(({ kind }) => kind === 'tcp-port');
    return [...held, ...ports.map(({ name }): HostClaim => ['vnc-port', name])];
  });
}

/** A guest, and what its document pins. */
export interface Pinning {
  readonly guest: string | null;
  readonly pinned: readonly HostClaim[];
}

/**
 * Starts with what the lock has and what the documents pin.
 * @param lock by the names that the guests have now
 */
export function createNeighbours(guests: readonly Pinning[], lock: Hardware): Neighbours {
  const owners = new Map<string, Set<string>>();
  const note = (guest: string, [kind, value]: HostClaim): void => {
    const key = `${kind} ${value}`;
    owners.set(key, (owners.get(key) ?? new Set()).add(guest));
  };
  const add = (guest: string, hardware: GuestHardware): void => {
    for (const claim of [...hardware.values()].flatMap(claimsOf)) note(guest, claim);
  };
  for (const [guest, hardware] of lock) add(guest, hardware);
  for (const { guest, pinned } of guests) for (const claim of pinned) note(guest ?? '', claim);
  return {
    add,
    isTakenFor: (guest) => (kind, value) => {
      const found = owners.get(`${kind} ${value}`);
      return found !== undefined && (found.size > 1 || !found.has(guest));
    },
  };
}
