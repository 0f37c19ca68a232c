/** The pools of a host: those whose documents are compiled, and those of its profile. */
import { foldedPath } from '../../ir/host-files.ts';
import type { PoolPlace } from '../../ir/storage/storage-plan.ts';
import type { Context } from '../context.ts';

/** The pool of that name; null for one whose document has a mistake, undefined for none. */
export function poolNamed(
  name: string,
  { host, storage }: Pick<Context, 'host' | 'storage'>,
): PoolPlace | null | undefined {
  const plan = storage.pools.get(name);
  if (plan !== undefined) return plan;
  const known = host.pools.get(name);
  return known === undefined ? undefined : { name, type: known.type, target: foldedPath(known.target) };
}

/** All of them without a mistake: those of documents come first. */
export function poolsOf(context: Pick<Context, 'host' | 'storage'>): readonly PoolPlace[] {
  const names = new Set([...context.storage.pools.keys(), ...context.host.pools.keys()]);
  return [...names].flatMap((name) => poolNamed(name, context) ?? []);
}
