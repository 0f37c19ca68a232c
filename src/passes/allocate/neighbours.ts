/**
 * One allocation for all guests of a host: what each has by the lock, by its XML and by what it was granted, so that nothing
 * that the XML leaves open is given to two of them. Pinned things count before anything is granted, whoever comes first.
 */
import { emulationOf } from '../../ir/emulations/index.ts';
import { claimsOf, type GuestHardware, type Hardware, type HostWideKind } from '../../ir/hardware.ts';
import { allDevices, type Machine } from '../../ir/machine.ts';

/** Who has what. */
export interface Neighbours {
  /** For one guest: whether another one has it. */
  isTakenFor(guest: string): (kind: HostWideKind, value: string) => boolean;
  /** Notes what a guest was granted. */
  add(guest: string, hardware: GuestHardware): void;
}

/**
 * Starts with what the lock has and what the machines pin.
 * @param lock by the names that the guests have now
 */
export function createNeighbours(machines: readonly Machine[], lock: Hardware): Neighbours {
  const owners = new Map<string, Set<string>>();
  const note = (guest: string, kind: HostWideKind, value: string): void => {
    const key = `${kind} ${value}`;
    owners.set(key, (owners.get(key) ?? new Set()).add(guest));
  };
  const add = (guest: string, hardware: GuestHardware): void => {
    for (const [kind, value] of [...hardware.values()].flatMap(claimsOf)) note(guest, kind, value);
  };
  for (const [guest, hardware] of lock) add(guest, hardware);
  for (const machine of machines) {
    const guest = machine.name.value;
    for (const device of allDevices(machine)) {
      for (const { kind, wanted } of emulationOf(device).needs(device)) {
        if (wanted !== null) for (const [claimed, value] of claimsOf({ [kind]: wanted })) note(guest, claimed, value);
      }
      for (const { kind, name } of emulationOf(device).uses(device)) {
        if (kind === 'tcp-port') note(guest, 'vnc-port', name);
      }
    }
  }
  return {
    add,
    isTakenFor: (guest) => (kind, value) => {
      const found = owners.get(`${kind} ${value}`);
      return found !== undefined && (found.size > 1 || !found.has(guest));
    },
  };
}
