/** What the builds of one `bhyvec build --watch` know of each other, and the files of a build with it or without it. */
import { hash } from 'node:crypto';
import type { Artefact } from '../../backends/backend.ts';
import type { backends } from '../../backends/index.ts';
import { buildTree, type ManifestGuest } from '../../backends/tree.ts';
import {
  changesOf,
  demandFolder,
  isAsItIsToBe,
  readPresent,
  takeChanges,
  type Changes,
  type NamedFile,
} from '../../build/folder.ts';
import type { Take } from '../../build/replace-files.ts';
import {
  createWritten,
  isThere,
  sightOf,
  type Sight,
  type StandingGuest,
  type Written,
  type WrittenGuest,
} from '../../build/written.ts';
import type { Guest, Together } from '../../documents/documents.ts';
import { createMemory, type Memory } from '../../documents/memory.ts';
import type { Plan } from '../../ir/plan.ts';

type WrittenPlans = Written<Plan, ManifestGuest>;

/** Guests that need not be compiled again, and those whose files need not be made again. */
export interface BuildMemory {
  readonly guests: Memory<Guest>;
  folder(output: string): WrittenPlans;
}

/**
 * Makes one that knows nothing.
 * @param clock the time now, in ms
 */
export function createBuildMemory(clock = Date.now): BuildMemory {
  const folders = new Map<string, WrittenPlans>();
  return {
    guests: createMemory(),
    folder(output) {
      const known: WrittenPlans = folders.get(output) ?? createWritten(output, sha256, clock);
      folders.set(output, known);
      return known;
    },
  };
}

/** The files of a build, which are made one by one: none is kept in memory that is written, or is there as it is to be. */
export interface BuildTree {
  /** What would change, with the content of all files that would. */
  look(folder: string): Changes;
  /** What there is to remove or to keep where all files are there as they are to be; null from the first one on that is not. */
  standing(folder: string): Changes<NamedFile> | null;
  /** Goes on from there: gives what changes to `take`, file by file. What was there is looked at again. */
  replace(folder: string, take: Take): Changes<NamedFile>;
  /** Is told that the folder is as it is to be. */
  written(): void;
}

/** Files that are made, as far as they were looked at. */
interface Making {
  readonly standing: ReadonlyMap<Plan, StandingGuest<ManifestGuest>>;
  readonly fresh: ReadonlyMap<Plan, WrittenGuest<ManifestGuest>>;
  /** Those that were there as they are to be. */
  readonly seen: Sight[];
  /** The first one that was not. */
  found: Artefact | null;
  readonly rest: Iterator<Artefact, void>;
}

/** The tree of some guests and of what they are on. */
export function treeOf(
  plans: readonly Plan[],
  { networks, storage }: Pick<Together, 'networks' | 'storage'>,
  chosen: typeof backends,
  known: WrittenPlans | null,
): BuildTree {
  const standingNow = (): Making['standing'] => known?.standing(plans) ?? new Map<never, never>();
  let making: Making | null = null;
  const begin = (standing: Making['standing']): Making => {
    const fresh = new Map<Plan, WrittenGuest<ManifestGuest>>();
    const rest = buildTree(plans, chosen, sha256, networks, storage, {
      standing: new Map([...standing].map(([plan, { entry }]) => [plan, entry])),
      made(plan, entry, own) {
        if (known === null) return;
        fresh.set(plan, { name: plan.vmname, entry, files: own.map((file) => sightOf(file, sha256)) });
      },
    });
    making = { standing, fresh, seen: [], found: null, rest };
    return making;
  };
  /** What was made holds where all that was looked at is still there. */
  const goOn = (folder: string): Making => {
    const standing = standingNow();
    const before = making;
    if (before?.standing.size !== standing.size) return begin(standing);
    const isSame = [...standing.keys()].every((plan) => before.standing.has(plan));
    return isSame && before.seen.every((file) => isThere(folder, file, sha256)) ? before : begin(standing);
  };
  return {
    look: (folder) => changesOf(folder, buildTree(plans, chosen, sha256, networks, storage), sha256),
    standing(folder) {
      demandFolder(folder);
      const now = begin(standingNow());
      for (let next = now.rest.next(); next.done !== true; next = now.rest.next()) {
        const file = next.value;
        now.found = isAsItIsToBe(readPresent(folder, file.path), file) ? null : file;
        if (now.found !== null) return null;
        now.seen.push(sightOf(file, sha256));
      }
      return takeChanges(folder, [], sha256, pathsOf(now), (write) => write);
    },
    replace(folder, take) {
      const now = goOn(folder);
      const paths = pathsOf(now);
      return takeChanges(folder, left(now), sha256, paths, take);
    },
    written() {
      if (making !== null) known?.note(making.fresh);
    },
  };
}

/** The files that are there as they are to be. */
function pathsOf({ standing, seen }: Making): readonly string[] {
  return [...[...standing.values()].flatMap(({ files }) => files), ...seen.map((file) => file.path)];
}

/** The files that were not looked at. */
function* left({ found, rest }: Making): Generator<Artefact, void> {
  if (found !== null) yield found;
  for (let next = rest.next(); next.done !== true; next = rest.next()) yield next.value;
}

function sha256(content: string | Uint8Array): string {
  return hash('sha256', content);
}
