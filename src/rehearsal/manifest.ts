/** What a rehearsal reads of a build: its manifest, and which guests are to run, in the order in which they can start. */
import path from 'node:path';
import { manifestShape, type Manifest } from '../backends/manifest-shape.ts';
import { manifestName } from '../backends/tree.ts';
import { volumesScript } from '../ir/names.ts';
import { networksFolder } from '../ir/network/network-plan.ts';
import { jsonIn } from '../text/json.ts';
import { check } from '../text/shape.ts';
import { FolderProblem } from '../build/problem.ts';
import { UsageError } from '../system/terminal.ts';
import { readBuilt } from './read-built.ts';

/** One file of a guest, as the manifest describes it. */
export type BuiltFile = Manifest['guests'][string]['files'][string];

/** One guest of a build. */
export type BuiltGuest = Manifest['guests'][string] & { readonly name: string };

/** One network of a build that a script makes. */
export type BuiltNetwork = NonNullable<Manifest['networks']>[string] & { readonly name: string };

/** The volumes of a build, and the script that makes those that are not there. */
export interface BuiltVolumes {
  readonly name: typeof volumesScript;
  readonly all: readonly BuiltVolume[];
}

/** One volume of a build. */
export type BuiltVolume = NonNullable<Manifest['volumes']>[string] & { readonly path: string };

/** A build, as far as a rehearsal needs it. */
export interface Build extends Pick<Manifest, 'target' | 'release' | 'files'> {
  readonly guests: readonly BuiltGuest[];
  readonly networks: readonly BuiltNetwork[];
  /** Null where it has none. */
  readonly volumes: BuiltVolumes | null;
}

/** Reads the manifest of a build. Throws a {@link FolderProblem}. */
export function readBuild(folder: string): Build {
  const file = path.join(folder, manifestName);
  const read = check(manifestShape, jsonIn(readBuilt(folder, manifestName).text));
  if (!read.ok) {
    const where = read.at === '' ? '' : ` (${read.at} ${read.what})`;
    throw new FolderProblem(`${file}: is not a manifest of this bhyvec: build the guests again${where}`);
  }
  const { guests, networks = {}, volumes = {}, ...build } = read.value;
  for (const [name, { files }] of Object.entries(guests)) {
    if (!('launch' in files)) throw new FolderProblem(`${folder}/${name}: was built without its launcher`);
  }
  const places = Object.entries(volumes).map(([place, volume]) => ({ path: place, ...volume }));
  if (places.length > 0 && !(volumesScript in (build.files ?? {}))) {
    throw new FolderProblem(`${folder}: was built without the script of its volumes`);
  }
  const scripted = Object.entries(networks).filter(([, { service }]) => service !== null);
  for (const [name, { files }] of scripted) {
    if (!('net' in files)) throw new FolderProblem(`${folder}/${networksFolder}/${name}: was built without its script`);
  }
  return {
    ...build,
    guests: Object.entries(guests).map(([name, guest]) => ({ name, ...guest })),
    networks: scripted.map(([name, network]) => ({ name, ...network })),
    volumes: places.length === 0 ? null : { name: volumesScript, all: places },
  };
}

/** The guests of these names, or all; each after those that it starts after. Throws a {@link UsageError}. */
export function chooseGuests({ guests }: Build, names: readonly string[]): readonly BuiltGuest[] {
  const byName = new Map(guests.map((guest) => [guest.name, guest]));
  const unknown = names.find((name) => !byName.has(name));
  if (unknown !== undefined) {
    throw new UsageError(`there is no guest '${unknown}' in this build; there are ${[...byName.keys()].join(', ')}`);
  }
  const wanted = new Set(names.length === 0 ? byName.keys() : names);
  const ordered = new Set<BuiltGuest>();
  const visited = new Set<string>();
  const visit = (guest: BuiltGuest): void => {
    if (visited.has(guest.name)) return;
    visited.add(guest.name);
    for (const name of guest.takes.startAfter) {
      const other = byName.get(name);
      if (other !== undefined && wanted.has(name)) visit(other);
    }
    ordered.add(guest);
  };
  for (const guest of guests) if (wanted.has(guest.name)) visit(guest);
  return [...ordered];
}
