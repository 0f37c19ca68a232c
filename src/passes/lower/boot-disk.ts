/** The disks that a loader can read, and their paths (libvirt-compile reference, sections 11.2 to 11.4). */
import type { Located } from '../../diagnostics/source.ts';
import type { CompleteDisk } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { sourcePath } from './block.ts';

/** Disks that a loader can boot: disk or CD-ROM, on a file, a volume or a CTL device, and for us on a block device. */
export function usable({ disk }: CompleteDisk, { dialect }: Context): boolean {
  const types = ['file', 'volume', dialect.ours('disk-block') ? 'block' : 'ctl'];
  const hasMedium = disk.source.path !== null || disk.source.volume !== null || !dialect.ours('empty-cdrom');
  return (
    (disk.device.value === 'disk' || disk.device.value === 'cdrom') &&
    types.includes(disk.sourceType.value) &&
    hasMedium
  );
}

/** The path that a loader is given; libvirt takes it as it stands, whatever the bus makes of the disk. */
export function bootPath(complete: CompleteDisk, context: Context): Located<string> | null {
  const { disk } = complete;
  if (disk.sourceType.value !== 'volume') return disk.source.path;
  return sourcePath({ ...complete, bus: 'virtio' }, context);
}
