/**
 * The stages of a document that is no guest but something that guests share: it is read, and lowered to its plan. `lower.ts`
 * has those before, which all documents have.
 */
import { readNetwork } from '../frontend/network/read.ts';
import type { ReadOptions } from '../frontend/reading.ts';
import { readPool, readVolume } from '../frontend/storage/read.ts';
import { resourceKind } from '../frontend/xml/root-name.ts';
import type { XmlElement } from '../frontend/xml/tree.ts';
import type { Context } from '../passes/context.ts';
import { lowerNetwork } from '../passes/network/lower.ts';
import { lowerPool } from '../passes/storage/lower-pool.ts';
import { lowerVolume } from '../passes/storage/lower-volume.ts';
import { noResource, type Resources, type ResourceStages } from './stages.ts';

/** Brings a document to its plan; null where it is that of a guest. */
export function compileResource(root: XmlElement, known: ReadOptions, context: Context): Resources | null {
  const { reporter } = context;
  const kind = root.name.namespace === '' ? resourceKind(root.name.local) : null;
  switch (kind) {
    case 'network':
      return { ...noResource, network: stages(readNetwork(root, known, reporter), lowerNetwork) };
    case 'pool':
      return { ...noResource, pool: stages(readPool(root, known, reporter), lowerPool) };
    case 'volume':
      return { ...noResource, volume: stages(readVolume(root, known, reporter), lowerVolume) };
    default:
      return null;
  }

  function stages<Read, Planned>(
    read: Read | null,
    lower: (one: Read, context: Context) => Planned | null,
  ): ResourceStages<Read, Planned> {
    const plan = read === null || reporter.errors > 0 ? null : lower(read, context);
    return { read, plan: reporter.errors > 0 ? null : plan };
  }
}
