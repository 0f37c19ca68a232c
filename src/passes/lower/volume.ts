/** The volume of a disk: the path that it has in its pool. Reports: BV0601, BV2554, BV2563. */
import { nearest } from '../../diagnostics/nearest.ts';
import type { Located, Span } from '../../diagnostics/source.ts';
import type { DiskSource } from '../../frontend/elements/disk.ts';
import { foldedPath } from '../../ir/host-files.ts';
import { volumePath } from '../../ir/storage/storage-plan.ts';
import type { Context } from '../context.ts';
import { checkVolumeName } from '../storage/names.ts';
import { poolNamed, poolsOf } from '../storage/pools.ts';
import { nearName } from './known-names.ts';

/** `<source pool volume>`. */
type VolumeSource = NonNullable<DiskSource['volume']>;

/** The place as one word for all ways to name it. */
export function placeOfVolume({ pool, name }: VolumeSource, context: Context): string {
  const known = poolNamed(pool.value, context) ?? null;
  return known === null ? `${pool.value} ${name.value}` : foldedPath(volumePath(known, name.value));
}

/** The path; null where there is no such volume, which is reported, here or where its document is read. */
export function pathOfVolume({ pool, name }: VolumeSource, at: Span, context: Context): Located<string> | null {
  const { host, storage, reporter } = context;
  const known = poolNamed(pool.value, context);
  if (known === undefined) {
    const names = poolsOf(context).map((one) => one.name);
    const { hint, details } = nearName(pool, names);
    reporter.report('BV0601', pool.at, { pool: pool.value, host: host.name, hint }, details);
    return null;
  }
  if (known === null) {
    context.uses.leaveOut(at);
    return null;
  }
  const described = storage.volumes.get(pool.value);
  const volume = described?.get(name.value);
  if (volume === null || storage.volumes.get('')?.has(name.value) === true) {
    context.uses.leaveOut(at);
    return null;
  }
  if (described !== undefined && volume === undefined) {
    reporter.report('BV2563', name.at, {
      pool: pool.value,
      volume: name.value,
      known: knownVolumes(name.value, [...described.keys()]),
    });
    return null;
  }
  // What is in a pool of the profile is named as libvirt takes it.
  if (storage.pools.has(pool.value) && !checkVolumeName(name, known.type, context)) return null;
  return { value: volumePath(known, name.value), at: name.at };
}

function knownVolumes(name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  if (near !== null) return `did you mean '${near}'?`;
  return `write its <volume> document: the documents of this pool name ${names.slice(0, 4).join(', ')}${names.length > 4 ? ' and others' : ''}`;
}
