/**
 * From plans to files. It stands beside src/compile and not in it, so that what prints no script does not load the engine
 * of the templates.
 */
import type { NetworkPlan } from '../ir/network/network-plan.ts';
import type { Plan } from '../ir/plan.ts';
import type { StoragePlans } from '../ir/storage/storage-plan.ts';
import type { Artefact, Backend, Hash } from './backend.ts';
import { secretsBackend } from './config/emit.ts';
import { launcher } from './launcher/emit.ts';
import { backends } from './index.ts';
import { seedBackend } from './seed/emit.ts';
import { buildTree } from './tree.ts';

/** The files of one guest, by the backends that are chosen; paths are those in the guest's own folder. */
export function emitGuest(plan: Plan, chosen: readonly Backend[] = backends): readonly Artefact[] {
  return chosen.flatMap((backend) => backend.emit(plan));
}

/** What one run of a guest needs: its launcher, and what stands beside it, where there is some: secrets, cloud-init. */
export function emitRun(plan: Plan): {
  readonly launcher: string;
  readonly secrets: string | null;
  readonly seed: Uint8Array | null;
} {
  const textOf = (backend: Backend): string | null => backend.emit(plan)[0]?.text ?? null;
  const [seed] = seedBackend.emit(plan);
  return { launcher: textOf(launcher) ?? '', secrets: textOf(secretsBackend), seed: seed?.bytes ?? null };
}

/** The files of the same. */
export function emitRunFiles(plan: Plan): readonly Artefact[] {
  return emitGuest(plan, [launcher, secretsBackend, seedBackend]);
}

/**
 * The files of a build: a folder for each guest and each network, the script that makes volumes, and the manifest that
 * knows them all.
 * @param sha256 the hash of a text or of bytes, in hexadecimal
 * @param networks those whose documents were compiled with the guests
 * @param storage the same of pools and volumes
 */
export function emitBuild(
  plans: readonly Plan[],
  sha256: Hash,
  chosen: readonly Backend[] = backends,
  networks: readonly NetworkPlan[] = [],
  storage?: StoragePlans,
): readonly Artefact[] {
  return [...buildTree(plans, chosen, sha256, networks, storage)];
}
