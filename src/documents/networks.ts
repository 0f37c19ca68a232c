/** The networks among the documents of a command: they are compiled first, because guests are on them. */
import { lowerBytes } from '../compile/lower.ts';
import type { CompileOptions, Lowering } from '../compile/stages.ts';
import { rootName } from '../frontend/xml/root-name.ts';
import type { NetworkPlan } from '../ir/network/network-plan.ts';
import { readInput, type Input, type InputProblem } from './inputs.ts';

/** A document that has been read. */
export interface ReadInput {
  readonly input: Input;
  readonly bytes: Uint8Array;
}

/** Bytes that are looked at to see what a document is: comments may stand before its first tag. */
const head = 65_536;

/** Whether the document says that it is a network. */
export function isNetworkText(bytes: Uint8Array): boolean {
  return rootName(new TextDecoder().decode(bytes.subarray(0, head))) === 'network';
}

/** The networks of some documents, by the name of each. */
export interface NetworksOf {
  readonly lowerings: ReadonlyMap<ReadInput, Lowering>;
  readonly byName: ReadonlyMap<string, NetworkPlan | null>;
}

/** Compiles those of the documents that are networks. Of two with one name guests are on the first. */
export function lowerNetworks(documents: readonly ReadInput[], options: CompileOptions): NetworksOf {
  const lowerings = new Map<ReadInput, Lowering>();
  const byName = new Map<string, NetworkPlan | null>();
  for (const document of documents.filter(({ bytes }) => isNetworkText(bytes))) {
    const lowering = lowerBytes(document.input.name, document.bytes, options);
    lowerings.set(document, lowering);
    const name = lowering.network?.read?.name.value;
    if (name !== undefined && !byName.has(name)) byName.set(name, lowering.network?.plan ?? null);
  }
  return { lowerings, byName };
}

/** The networks in files, which are read for this alone; standard input can be read once, and is not looked at. */
export async function networksIn(
  inputs: readonly (Input | InputProblem)[],
  options: CompileOptions,
): Promise<ReadonlyMap<string, NetworkPlan | null>> {
  const found: ReadInput[] = [];
  for (const input of inputs.length > 1 ? inputs : []) {
    if ('problem' in input || input.path === null) continue;
    const bytes = await readInput(input);
    if (!('problem' in bytes) && isNetworkText(bytes)) found.push({ input, bytes });
  }
  return lowerNetworks(found, options).byName;
}
