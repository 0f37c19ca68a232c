/** How a volume is made: the words for zfs(8), or the steps for a file. */
import type { VolumePlan } from './storage-plan.ts';

/**
 * The words of zfs-create(8), reference zfsprops(7). The node is that of a disk, as bhyve wants it: what the host would look
 * for partitions in is closed to it.
 */
export function zfsCreateWords({ capacity, reserved, blockSize }: VolumePlan): readonly string[] {
  const isSparse = reserved < capacity;
  return [
    ...(isSparse ? ['-s'] : []),
    ...['-V', String(capacity), '-o', 'volmode=dev'],
    ...(blockSize === null ? [] : ['-o', `volblocksize=${String(blockSize)}`]),
    ...(isSparse && reserved > 0n ? ['-o', `refreservation=${String(reserved)}`] : []),
  ];
}

/** All of it as people read it, a command a line; none for an image, which nobody can make. */
export function commandsOfVolume(plan: VolumePlan): readonly string[] {
  const { pool, path, capacity, isMade } = plan;
  if (!isMade) return [];
  if (pool.type === 'zfs') return [['zfs', 'create', ...zfsCreateWords(plan), datasetOfVolume(plan)].join(' ')];
  const owner = ownerOf(plan);
  const chown = owner === null ? [] : [`chown ${owner} ${path}`];
  return [`truncate -s ${String(capacity)} ${path}`, ...chown, `chmod ${modeOf(plan)} ${path}`];
}

/** The dataset of a zvol. */
export function datasetOfVolume({ pool, name }: VolumePlan): string {
  return `${pool.target}/${name}`;
}

/** The operand of chown(8); null where a file is that of whoever makes it. */
export function ownerOf({ owner, group }: VolumePlan): string | null {
  if (owner === null && group === null) return null;
  return `${owner === null ? '' : String(owner)}${group === null ? '' : `:${String(group)}`}`;
}

/** Permissions for chmod(1). */
export function modeOf({ mode }: VolumePlan): string {
  return mode.toString(8).padStart(4, '0');
}
