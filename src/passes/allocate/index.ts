/**
 * Machine to PlacedMachine. Needs: a machine without errors. Gives: each need has exactly one grant, and no grant is
 * used twice. Reports: BV07, BV17, BV0551.
 */
import { invariant } from '../../diagnostics/invariant.ts';
import { emulationOf } from '../../ir/emulations/index.ts';
import { allDevices, type Machine, type PlacedMachine } from '../../ir/machine.ts';
import type { GuestHardware, Held } from '../../ir/hardware.ts';
import type { GrantOf, Grants, Need, ResourceKind } from '../../ir/needs.ts';
import type { Context } from '../context.ts';
import type { Allocator } from './allocator.ts';
import { allocateCom } from './com.ts';
import { allocateMac } from './mac.ts';
import { allocateNmdm } from './nmdm.ts';
import { allocatePci } from './pci.ts';
import { allocateTap } from './tap.ts';
import { allocateVncPort } from './vnc-port.ts';

/** One allocator for each kind of resource, in the order in which they run: a new kind without one does not compile. */
const allocators: { readonly [K in ResourceKind]: Allocator<K> } = {
  pci: allocatePci,
  tap: allocateTap,
  'vnc-port': allocateVncPort,
  mac: allocateMac,
  nmdm: allocateNmdm,
  com: allocateCom,
};

/** The kinds in the order of the table. */
const kinds = Object.keys(allocators).filter((kind): kind is ResourceKind => Object.hasOwn(allocators, kind));

/** Grants the resources of a machine. */
export function allocate(machine: Machine, context: Context): PlacedMachine {
  const needs = new Map<string, Need>();
  for (const device of allDevices(machine)) {
    for (const need of emulationOf(device).needs(device)) if (!needs.has(need.id)) needs.set(need.id, need);
  }
  const granted = new Map<string, unknown>();
  const run = <K extends ResourceKind>(kind: K, allocator: Allocator<K> = allocators[kind]): void => {
    const ofKind = [...needs.values()].filter((need): need is Need<K> => need.kind === kind);
    for (const [id, grant] of allocator(ofKind, machine, context)) granted.set(id, grant);
  };
  for (const kind of kinds) run(kind);
  const grants = grantsOf(granted);
  return { machine, grants, hardware: hardwareOf(machine, [...needs.values()], granted) };
}

/**
 * What the guest has now, for the lock. A device keeps what it was given before and makes no use of at the moment, such as the
 * port of a drive without a medium; one that is gone keeps all.
 */
function hardwareOf(
  { remembered }: Machine,
  needs: readonly Need[],
  granted: ReadonlyMap<string, unknown>,
): GuestHardware {
  const { known, seats, present } = remembered;
  const fresh = new Map<string, Held>(seats);
  for (const { key, kind, id } of needs) {
    if (key !== null && granted.has(id)) fresh.set(key, { ...fresh.get(key), [kind]: granted.get(id) });
  }
  const keys = new Set([...known.keys(), ...fresh.keys()]);
  const entries = [...keys].map((key): readonly [string, Held] => {
    const { gone, ...before } = known.get(key) ?? {};
    const isThere = fresh.has(key) || present.has(key);
    return [key, isThere ? { ...before, ...fresh.get(key) } : { ...before, gone: gone ?? true }];
  });
  return new Map(entries.filter(([, held]) => Object.keys(held).some((name) => name !== 'gone')));
}

function grantsOf(granted: ReadonlyMap<string, unknown>): Grants {
  return {
    of<K extends ResourceKind>(need: Need<K>): GrantOf[K] {
      invariant(granted.has(need.id), `nothing was granted for ${need.id}`);
      // The one cast that ties the table of grants to the kinds of their needs.
      return granted.get(need.id) as GrantOf[K];
    },
  };
}
