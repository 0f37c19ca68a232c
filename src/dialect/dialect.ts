/**
 * The two dialects. A pass asks `dialect.ours(row)`; ARCHITECTURE.md has the few others who know which dialect is wanted. The table
 * of the rows is in `differences.ts`: the compiler needs their names only, and does not load their words.
 */
import type { DifferenceName } from './differences.ts';

/** Which of the two outputs is wanted: all that bhyve can do, or byte for byte what libvirt prints. */
export type DialectName = 'bhyvec' | 'libvirt';

/** A dialect, as passes see it. */
export interface Dialect {
  readonly name: DialectName;
  /** True where the row is to come out as bhyvec does it. */
  ours(row: DifferenceName): boolean;
}

/** Gives the dialect of that name. */
export function dialectOf(name: DialectName): Dialect {
  return { name, ours: () => name === 'bhyvec' };
}
