/** The contract of an allocator: one file for each kind of resource. */
import type { GrantOf, Need, ResourceKind } from '../../ir/needs.ts';
import type { Machine } from '../../ir/machine.ts';
import type { Context } from '../context.ts';

/**
 * Grants the needs of one kind, in list order, pinned ones first. A need that cannot be granted is reported and has no
 * grant.
 */
export type Allocator<K extends ResourceKind> = (
  needs: readonly Need<K>[],
  machine: Machine,
  context: Context,
) => ReadonlyMap<string, GrantOf[K]>;
