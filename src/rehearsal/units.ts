/**
 * What is rehearsed on one stand-in host: a guest by itself, all guests that share networks of the build, with these, or the
 * script that makes volumes. A guest is on a network whose bridge it takes.
 */
import type { BuiltGuest, BuiltNetwork, BuiltVolumes } from './manifest.ts';

/** Guests, in the order in which they start, and the networks that are up while they run. */
export interface Unit {
  readonly guests: readonly BuiltGuest[];
  readonly networks: readonly BuiltNetwork[];
  /** By themselves. */
  readonly volumes: BuiltVolumes | null;
}

/** The units; volumes come first, and each network is in one. Those without guests come last. */
export function unitsOf(
  guests: readonly BuiltGuest[],
  networks: readonly BuiltNetwork[],
  volumes: BuiltVolumes | null = null,
): readonly Unit[] {
  const joined = guests.reduce<readonly Unit[]>(
    (units, guest) => {
      const isJoined = (unit: Unit): boolean => unit.networks.some((network) => isOn(guest, network));
      const own = units.filter(isJoined);
      const members = [...own.flatMap((unit) => unit.guests), guest];
      const unit = { guests: inOrder(guests, members), networks: inOrder(networks, own.flatMap((one) => one.networks)), volumes: null }; // prettier-ignore
      return [...units.filter((one) => !isJoined(one)), unit];
    },
    networks.map((network) => ({ guests: [], networks: [network], volumes: null })),
  );
  const place = ({ guests: [first] }: Unit): number => (first === undefined ? guests.length : guests.indexOf(first));
  const sorted = joined.toSorted((a, b) => place(a) - place(b));
  return volumes === null ? sorted : [{ guests: [], networks: [], volumes }, ...sorted];
}

/** The networks that guests are on. */
export function networksOf(guests: readonly BuiltGuest[], networks: readonly BuiltNetwork[]): readonly BuiltNetwork[] {
  return networks.filter((network) => guests.some((guest) => isOn(guest, network)));
}

function isOn({ takes }: BuiltGuest, { bridge }: BuiltNetwork): boolean {
  return takes.bridges.includes(bridge);
}

function inOrder<T>(all: readonly T[], some: readonly T[]): readonly T[] {
  const chosen = new Set(some);
  return all.filter((one) => chosen.has(one));
}
