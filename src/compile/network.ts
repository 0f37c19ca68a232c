/** The stages of a document that is a network: read, and lowered to its plan. `lower.ts` has those before, which all documents have. */
import type { Network } from '../frontend/network/network.ts';
import { readNetwork } from '../frontend/network/read.ts';
import type { ReadOptions } from '../frontend/reading.ts';
import type { XmlElement } from '../frontend/xml/tree.ts';
import type { NetworkPlan } from '../ir/network/network-plan.ts';
import type { Context } from '../passes/context.ts';
import { lowerNetwork } from '../passes/network/lower.ts';

/** What a document of a network becomes; null from the first stage on that found an error. */
export interface NetworkStages {
  readonly read: Network | null;
  readonly plan: NetworkPlan | null;
}

/** Whether a document is that of a network. */
export function isNetwork({ name }: XmlElement): boolean {
  return name.local === 'network' && name.namespace === '';
}

/** Brings a network to its plan. */
export function compileNetwork(root: XmlElement, known: ReadOptions, context: Context): NetworkStages {
  const { reporter } = context;
  const read = readNetwork(root, known, reporter);
  const plan = read === null || reporter.errors > 0 ? null : lowerNetwork(read, context);
  return { read, plan: reporter.errors > 0 ? null : plan };
}
