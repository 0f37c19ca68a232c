/**
 * Those of the documents of a command that are no guests: networks, pools, volumes. They are compiled first, because guests
 * are on them; volumes after the pools that they are in.
 */
import { lowerBytes } from '../compile/lower.ts';
import type { CompileOptions, Lowering } from '../compile/stages.ts';
import { resourceKind, rootName, type ResourceKind } from '../frontend/xml/root-name.ts';
import type { NetworkPlan } from '../ir/network/network-plan.ts';
import type { PoolPlan, Storage, VolumePlan } from '../ir/storage/storage-plan.ts';
import { expandOperands, keyOf, readInput, type Input, type InputProblem } from './inputs.ts';

/** A document that has been read. */
export interface ReadInput {
  readonly input: Input;
  readonly bytes: Uint8Array;
}

/** Bytes that are looked at to see what a document is: comments may stand before its first tag. */
const head = 65_536;

/** What the document says that it is; null for a guest. */
export function kindOfText(bytes: Uint8Array): ResourceKind | null {
  return resourceKind(rootName(new TextDecoder().decode(bytes.subarray(0, head))));
}

/** What guests are on. */
export interface ResourcesOf {
  readonly lowerings: ReadonlyMap<ReadInput, Lowering>;
  /** Ready to be options of the compiler. */
  readonly known: Required<Pick<CompileOptions, 'networks' | 'storage'>>;
}

/** Compiles those of the documents that are no guests. Of two with one name guests are on the first. */
export function lowerResources(documents: readonly ReadInput[], options: CompileOptions): ResourcesOf {
  const lowerings = new Map<ReadInput, Lowering>();
  const networks = new Map<string, NetworkPlan | null>();
  const pools = new Map<string, PoolPlan | null>();
  const volumes = new Map<string, Map<string, VolumePlan | null>>();
  const storage: Storage = { pools, volumes };
  const kinds = documents.map((document) => ({ document, kind: kindOfText(document.bytes) }));
  for (const { document } of kinds.filter(({ kind }) => kind === 'network')) {
    const { network } = lowered(document);
    addTo(networks, network?.read?.name.value, network?.plan ?? null);
  }
  for (const { document } of kinds.filter(({ kind }) => kind === 'pool')) {
    const { pool } = lowered(document);
    addTo(pools, pool?.read?.name.value, pool?.plan ?? null);
  }
  for (const { document } of kinds.filter(({ kind }) => kind === 'volume')) {
    const { volume } = lowered(document);
    const plan = volume?.plan ?? null;
    const pool = plan?.pool.name ?? '';
    const ofPool = volumes.get(pool) ?? new Map<string, VolumePlan | null>();
    volumes.set(pool, ofPool);
    addTo(ofPool, volume?.read?.name.value, plan);
  }
  return { lowerings, known: { networks, storage } };

  function lowered(document: ReadInput): Lowering {
    const lowering = lowerBytes(document.input.name, document.bytes, { ...options, storage });
    lowerings.set(document, lowering);
    return lowering;
  }
}

function addTo<Plan>(known: Map<string, Plan>, name: string | undefined, plan: Plan): void {
  if (name !== undefined && !known.has(name)) known.set(name, plan);
}

/** The same of files, which are read for this alone; standard input can be read once, and is not looked at. */
export async function resourcesIn(
  inputs: readonly (Input | InputProblem)[],
  options: CompileOptions,
): Promise<ResourcesOf['known']> {
  return lowerResources(inputs.length > 1 ? await readResources(inputs) : [], options).known;
}

/** Those of some files that are no guests; what cannot be read is told by who needs it. */
export async function readResources(inputs: readonly (Input | InputProblem)[]): Promise<readonly ReadInput[]> {
  const found: ReadInput[] = [];
  for (const input of inputs) {
    if ('problem' in input || input.path === null) continue;
    const bytes = await readInput(input);
    if (!('problem' in bytes) && kindOfText(bytes) !== null) found.push({ input, bytes });
  }
  return found;
}

/** The documents that `beside` stands for and that are none of the inputs. */
export async function othersOf(
  inputs: readonly (Input | InputProblem)[],
  beside: readonly string[] = [],
): Promise<readonly Input[]> {
  if (beside.length === 0) return [];
  const keys = (all: typeof inputs): readonly string[] =>
    all.flatMap((one) => ('problem' in one || one.path === null ? [] : keyOf(one.path)));
  const known = new Set(keys(inputs));
  const all = await expandOperands(beside);
  return all.flatMap((one) => ('problem' in one || one.path === null || known.has(keyOf(one.path)) ? [] : one));
}
