/**
 * Ports on ahci devices. A disk stays where the lock has it; else one with an address is on the controller that this names,
 * and the others fill the controllers in list order. Ports follow from the order of the list. A port of a disk that is gone
 * stays free for it, and so does that of a drive whose medium was taken out.
 */
import type { Seat } from '../../ir/hardware.ts';
import type { Context } from '../context.ts';
import type { CompleteDisk } from './complete-domain.ts';
import type { Recall } from './recall.ts';

/** Disks on one ahci controller of bhyve. */
export const portsOfAhci = 32;

/** Gives each SATA disk its controller and port. */
export function packSata(disks: readonly CompleteDisk[], recall: Recall, { host }: Context): readonly CompleteDisk[] {
  const room = host.capabilities.has('ahci-ports') ? portsOfAhci : 1;
  const sata = disks.filter(({ bus }) => bus === 'sata');
  const kept = keptSeats(sata, recall, room);
  const gone = [...recall.others.values()].flatMap(({ drive }) => drive ?? []);
  const controllers = controllersOf(sata, kept, gone, room);
  const taken = new Set([...kept.values(), ...gone].map(keyOf));
  return disks.map((entry): CompleteDisk => {
    const controller = controllers.get(entry);
    const held = kept.get(entry);
    if (controller === undefined || held !== undefined) return { ...entry, ...held };
    if (isEmptyDrive(entry)) return { ...entry, controller };
    let unit = 0;
    while (taken.has(keyOf({ controller, unit }))) unit += 1;
    taken.add(keyOf({ controller, unit }));
    return { ...entry, controller, unit };
  });
}

/** The seats of the lock that can be kept: an address may name another controller. */
function keptSeats(sata: readonly CompleteDisk[], recall: Recall, room: number): ReadonlyMap<CompleteDisk, Seat> {
  const kept = new Map<CompleteDisk, Seat>();
  const taken = new Set<string>();
  for (const entry of sata) {
    const { drive } = recall.of(entry.disk).held;
    const isThere = entry.disk.address === null || entry.controller === drive?.controller;
    if (drive === undefined || !isThere || drive.unit >= room || taken.has(keyOf(drive))) continue;
    taken.add(keyOf(drive));
    kept.set(entry, drive);
  }
  return kept;
}

function controllersOf(
  sata: readonly CompleteDisk[],
  kept: ReadonlyMap<CompleteDisk, Seat>,
  gone: readonly Seat[],
  room: number,
): ReadonlyMap<CompleteDisk, number> {
  const used = new Map<number, number>();
  const found = new Map<CompleteDisk, number>();
  const take = (controller: number): void => void used.set(controller, (used.get(controller) ?? 0) + 1);
  for (const { controller } of gone) take(controller);
  for (const entry of sata) {
    const controller = kept.get(entry)?.controller ?? (entry.disk.address === null ? null : entry.controller);
    if (controller === null) continue;
    take(controller);
    found.set(entry, controller);
  }
  let next = 0;
  for (const entry of sata) {
    if (found.has(entry)) continue;
    while ((used.get(next) ?? 0) >= room) next += 1;
    take(next);
    found.set(entry, next);
  }
  return found;
}

/** A drive without a medium is no port: bhyve has no such drive. */
function isEmptyDrive({ disk }: CompleteDisk): boolean {
  return disk.device.value === 'cdrom' && disk.source.path === null && disk.source.volume === null;
}

function keyOf({ controller, unit }: Seat): string {
  return `${String(controller)}:${String(unit)}`;
}
