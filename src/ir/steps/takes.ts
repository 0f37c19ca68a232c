/** What a guest takes from its host, as the manifest of a build has it: all that has to be there, all that it makes and holds. */
import type { accesses, purposes } from '../host-files.ts';
import type { NmdmPair } from '../units.ts';

type Access = (typeof accesses)[number];

/** The lists that steps fill, in the order of the plan. */
export interface TakenLists {
  /** Kernel modules; of each list the first one that loads will do. */
  readonly modules: readonly (readonly string[])[];
  readonly bridges: readonly string[];
  /** Those of the bridges that have to filter VLANs; absent for none. */
  readonly vlanBridges?: readonly string[];
  /** Taps that have to be there; absent for none. */
  readonly ownTaps?: readonly string[];
  readonly taps: readonly { readonly name: string; readonly bridge: string | null; readonly mtu: number | null }[];
  /** TCP ports; with `last` above `port`, the first free one of that range. */
  readonly ports: readonly { readonly address: string; readonly port: number; readonly last: number }[];
  readonly files: readonly {
    readonly path: string;
    readonly purpose: (typeof purposes)[number];
    readonly access: Access;
  }[];
  readonly directories: readonly { readonly path: string; readonly access: Access }[];
  readonly nvram: readonly { readonly path: string; readonly template: string | null }[];
  /** Host devices that have to be bound to ppt, as BUS/SLOT/FUNCTION. */
  readonly ppt: readonly string[];
  /** Host devices that the launcher binds to ppt and gives back, in the same form. */
  readonly managedPpt: readonly string[];
  readonly sockets: readonly string[];
  readonly nmdm: readonly NmdmPair[];
  /** Directories of the states of emulated TPMs; absent for none. */
  readonly tpmStates?: readonly string[];
}

/** All that it takes; `takes-shape.ts` has the check and the schema of it. */
export interface Takes extends TakenLists {
  readonly memoryMib: number;
  readonly wired: boolean;
  readonly vcpus: number;
  /** The host CPUs that it may use, as cpuset(1) reads them. */
  readonly cpuset: string | null;
  /** The programs that run it: the loader's, where there is one, and bhyve. */
  readonly programs: readonly string[];
  /** Rules of rctl(8), which need kern.racct.enable. */
  readonly limits: readonly string[];
  readonly startAfter: readonly string[];
}

/** The lists of several steps as one, in the order of the manifest. */
export function joinLists(found: readonly Partial<TakenLists>[]): TakenLists {
  return {
    modules: found.flatMap(({ modules }) => modules ?? []),
    bridges: found.flatMap(({ bridges }) => bridges ?? []),
    ...some(
      'vlanBridges',
      found.flatMap(({ vlanBridges }) => vlanBridges ?? []),
    ),
    ...some(
      'ownTaps',
      found.flatMap(({ ownTaps }) => ownTaps ?? []),
    ),
    taps: found.flatMap(({ taps }) => taps ?? []),
    ports: found.flatMap(({ ports }) => ports ?? []),
    files: found.flatMap(({ files }) => files ?? []),
    directories: found.flatMap(({ directories }) => directories ?? []),
    nvram: found.flatMap(({ nvram }) => nvram ?? []),
    ppt: found.flatMap(({ ppt }) => ppt ?? []),
    managedPpt: found.flatMap(({ managedPpt }) => managedPpt ?? []),
    sockets: found.flatMap(({ sockets }) => sockets ?? []),
    nmdm: found.flatMap(({ nmdm }) => nmdm ?? []),
    ...some(
      'tpmStates',
      found.flatMap(({ tpmStates }) => tpmStates ?? []),
    ),
  };
}

/** A list that only some guests have: builds of others are as they were before there was such a thing. */
function some<K extends string>(key: K, list: readonly string[]): { readonly [P in K]?: readonly string[] } {
  const named: { [P in K]?: readonly string[] } = {};
  if (list.length > 0) named[key] = list;
  return named;
}
