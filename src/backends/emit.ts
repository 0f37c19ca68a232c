/**
 * From plans to files. It stands beside src/compile.ts and not in it, so that what prints no script does not load the engine
 * of the templates.
 */
import type { Plan } from '../ir/plan.ts';
import type { Artefact, Backend } from './backend.ts';
import { backends } from './index.ts';
import { buildTree } from './tree.ts';

/** The files of one guest, by the backends that are chosen; paths are those in the guest's own folder. */
export function emitGuest(plan: Plan, chosen: readonly Backend[] = backends): readonly Artefact[] {
  return chosen.flatMap((backend) => backend.emit(plan));
}

/**
 * The files of a build: a folder for each guest, and the manifest that knows them all.
 * @param sha256 the hash of a text, in hexadecimal
 */
export function emitBuild(
  plans: readonly Plan[],
  sha256: (text: string) => string,
  chosen: readonly Backend[] = backends,
): readonly Artefact[] {
  return buildTree(plans, chosen, sha256);
}
