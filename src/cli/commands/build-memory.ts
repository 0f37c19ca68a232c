/** What the builds of one `bhyvec build --watch` know of each other, and the files of a build with it or without it. */
import { hash } from 'node:crypto';
import type { Artefact } from '../../backends/backend.ts';
import type { backends } from '../../backends/index.ts';
import { buildTree, type ManifestGuest } from '../../backends/tree.ts';
import { changesOf, type Changes } from '../../build/folder.ts';
import { createWritten, type StandingGuest, type Written, type WrittenGuest } from '../../build/written.ts';
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
      const known: WrittenPlans = folders.get(output) ?? createWritten(output, clock);
      folders.set(output, known);
      return known;
    },
  };
}

/** The files of a build. */
export interface BuildTree {
  /** Looks what would change. Looked at twice, made once. */
  look(folder: string): Changes;
  /** Is told that the folder is as it is to be. */
  written(): void;
}

interface Made {
  readonly standing: ReadonlyMap<Plan, StandingGuest<ManifestGuest>>;
  readonly files: readonly Artefact[];
  readonly fresh: ReadonlyMap<Plan, WrittenGuest<ManifestGuest>>;
}

/** The tree of some guests and of what they are on. */
export function treeOf(
  plans: readonly Plan[],
  { networks, storage }: Pick<Together, 'networks' | 'storage'>,
  chosen: typeof backends,
  known: WrittenPlans | null,
): BuildTree {
  let made: Made | null = null;
  const make = (): Made => {
    const standing = known?.standing(plans) ?? new Map<Plan, StandingGuest<ManifestGuest>>();
    const before = made?.standing;
    if (made !== null && before?.size === standing.size && [...standing.keys()].every((plan) => before.has(plan)))
      return made;
    const fresh = new Map<Plan, WrittenGuest<ManifestGuest>>();
    const files = buildTree(plans, chosen, sha256, networks, storage, {
      standing: new Map([...standing].map(([plan, { entry }]) => [plan, entry])),
      made: (plan, entry, own) => fresh.set(plan, { name: plan.vmname, entry, files: own }),
    });
    return { standing, files, fresh };
  };
  return {
    look(folder) {
      made = make();
      const standing = [...made.standing.values()].flatMap(({ files }) => files);
      return changesOf(folder, made.files, sha256, standing);
    },
    written() {
      if (made !== null) known?.note(made.fresh);
    },
  };
}

function sha256(content: string | Uint8Array): string {
  return hash('sha256', content);
}
