/** `<iotune>` of a disk (formatdomain, "Hard drives, floppy disks, CDROMs"): limits a second. */
import type { Located, Span } from '../../diagnostics/source.ts';
import { readNumber } from '../values.ts';
import type { ElementReader } from '../xml/reader.ts';

/** Limits of one disk, or of the group that it is in; 0 is none. */
export interface Iotune {
  readonly at: Span;
  readonly readIops: Located<number> | null;
  readonly writeIops: Located<number> | null;
  readonly readBps: Located<number> | null;
  readonly writeBps: Located<number> | null;
  /** Disks of one group share its limits. */
  readonly group: Located<string> | null;
}

/** Reads it; null where the disk has none. No host of ours has bursts and sums of both directions: the account tells of them. */
export function readIotune(disk: ElementReader): Iotune | null {
  const iotune = disk.child('iotune');
  if (iotune === null) return null;
  const { at, reporter } = iotune;
  iotune.everyChild();
  const number = (name: string): Located<number> | null =>
    readNumber(iotune.child(name)?.filledText() ?? null, name, reporter, { max: Number.MAX_SAFE_INTEGER });
  return {
    at,
    readIops: number('read_iops_sec'),
    writeIops: number('write_iops_sec'),
    readBps: number('read_bytes_sec'),
    writeBps: number('write_bytes_sec'),
    group: iotune.child('group_name')?.filledText() ?? null,
  };
}
