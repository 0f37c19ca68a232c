/** Target names of disks: `vda`, `sdb2`, `nvme0n1` (libvirt, virDiskNameParse). */

/** What a target name says. */
export interface DiskName {
  /** Place among the disks of its kind, from 0: the letters in bijective base 26, or the NVMe namespace less 1. */
  readonly index: number;
  /** Number of the NVMe controller; null for other names. */
  readonly controller: number | null;
}

/** Reads a target name; null where it is none. Trailing digits, a partition number, are allowed. */
export function parseDiskName(target: string): DiskName | null {
  const nvme = /^nvme(\d{1,9})n([1-9]\d{0,8})(?:p\d+)?$/.exec(target);
  if (nvme !== null) return { index: Number(nvme[2]) - 1, controller: Number(nvme[1]) };
  const letters = /^(?:fd|hd|vd|sd|xvd|ubd)([a-z]*)\d*$/.exec(target)?.[1];
  if (letters === undefined || letters.length > 6) return null;
  let index = 0;
  for (const [place, letter] of [...letters].entries()) {
    index = (place === 0 ? 0 : index + 1) * 26 + (letter.charCodeAt(0) - 97);
  }
  return { index, controller: null };
}
