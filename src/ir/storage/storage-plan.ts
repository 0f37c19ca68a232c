/**
 * Pools and volumes as guests and backends know them: paths, sizes and who may use a file. A pool is only a place; the
 * script of a build makes volumes that are not there.
 */
import type { Origins, Span } from '../../diagnostics/source.ts';
import type { HostProfile } from '../../host/profile.ts';

/** Where the volumes of a pool are. */
export interface PoolPlace {
  readonly name: string;
  readonly type: 'dir' | 'zfs';
  /** A directory for `dir`; a dataset such as `zroot/vm` for `zfs`. */
  readonly target: string;
}

/** What a plan is made for. */
interface ForHost {
  readonly host: Pick<HostProfile, 'name' | 'release'>;
}

/** A pool that has a document. */
export interface PoolPlan extends PoolPlace, ForHost {
  readonly origins: Origins;
  /** Where the document says its place. */
  readonly targetAt: Span;
  readonly uuid: string | null;
  /** In bytes; null where the document does not say it. */
  readonly capacity: bigint | null;
}

/** A volume that has a document. Sizes are in bytes. */
export interface VolumePlan extends ForHost {
  readonly name: string;
  readonly origins: Origins;
  readonly pool: PoolPlace;
  readonly path: string;
  readonly capacity: bigint;
  /** What of it is to be reserved: all for a zvol as zfs(8) makes it, nothing for a sparse one or a file. */
  readonly reserved: bigint;
  /** Where the size stands. */
  readonly sizeAt: Span;
  /** False for an image that somebody has to put there. */
  readonly isMade: boolean;
  /** Permissions of a file. */
  readonly mode: number;
  readonly owner: number | null;
  readonly group: number | null;
  /** Block of a zvol; null for that of zfs(8). */
  readonly blockSize: bigint | null;
}

/** The pools and volumes whose documents are compiled together. */
export interface Storage {
  /** By name; null for one whose document has a mistake. */
  readonly pools: ReadonlyMap<string, PoolPlan | null>;
  /** By pool, then by name; null for one whose document has a mistake. Those of no known pool are under ''. */
  readonly volumes: ReadonlyMap<string, ReadonlyMap<string, VolumePlan | null>>;
}

/** All of them without a mistake, those that are in each other's way included. */
export interface StoragePlans {
  readonly pools: readonly PoolPlan[];
  readonly volumes: readonly VolumePlan[];
}

export const noStorage: Storage = { pools: new Map<never, never>(), volumes: new Map<never, never>() };

/** The folder in which the nodes of a pool are. */
export function poolFolder({ type, target }: PoolPlace): string {
  return type === 'zfs' ? `/dev/zvol/${target}` : target;
}

/** The path of a volume. */
export function volumePath(pool: PoolPlace, volume: string): string {
  const folder = poolFolder(pool);
  return `${folder.endsWith('/') ? folder.slice(0, -1) : folder}/${volume}`;
}
