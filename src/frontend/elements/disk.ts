/** `<disk>` (formatdomain, "Hard drives, floppy disks, CDROMs"). */
import type { Located, Span } from '../../diagnostics/source.ts';
import { readNumber, readWord } from '../values.ts';
import type { ElementReader } from '../xml/reader.ts';
import { readAddress, type Address } from './address.ts';
import { readBootOrder } from './boot.ts';
import { readIotune, type Iotune } from './iotune.ts';

/** What a storage source may be. */
export const sourceTypes = [
  'file',
  'block',
  'dir',
  'network',
  'volume',
  'nvme',
  'vhostuser',
  'vhostvdpa',
  'ctl',
] as const;
const deviceKinds = ['disk', 'cdrom', 'floppy', 'lun'] as const;
const buses = ['ide', 'fdc', 'scsi', 'virtio', 'xen', 'usb', 'uml', 'sata', 'sd', 'nvme'] as const;
const cacheModes = ['default', 'none', 'writethrough', 'writeback', 'directsync', 'unsafe'] as const;
const discardModes = ['default', 'unmap', 'ignore'] as const;

export type DiskSourceType = (typeof sourceTypes)[number];
export type DiskBus = (typeof buses)[number];

/** Where a disk's bytes are. */
export interface DiskSource {
  /** Path of a file or device; null for a volume and where there is none. */
  readonly path: Located<string> | null;
  readonly volume: { readonly pool: Located<string>; readonly name: Located<string> } | null;
}

/** One disk as written. */
export interface Disk {
  readonly at: Span;
  readonly sourceType: Located<DiskSourceType>;
  readonly device: Located<(typeof deviceKinds)[number]>;
  readonly source: DiskSource;
  readonly target: Located<string>;
  readonly bus: Located<DiskBus> | null;
  readonly address: Address | null;
  readonly bootOrder: Located<number> | null;
  readonly serial: Located<string> | null;
  readonly product: Located<string> | null;
  readonly wwn: Located<string> | null;
  readonly rotationRate: Located<number> | null;
  readonly readonly: Span | null;
  readonly shareable: Span | null;
  readonly iotune: Iotune | null;
  readonly driver: {
    readonly format: Located<string> | null;
    readonly cache: Located<(typeof cacheModes)[number]> | null;
    readonly discard: Located<(typeof discardModes)[number]> | null;
    readonly queues: Located<number> | null;
    readonly queueSize: Located<number> | null;
  };
  readonly blockio: { readonly logical: Located<number> | null; readonly physical: Located<number> | null };
}

/** Reads a disk; null where it has no usable target. */
export function readDisk(disk: ElementReader): Disk | null {
  const { at, reporter } = disk;
  const target = disk.child('target');
  const dev = target?.attribute('dev') ?? null;
  const device = readWord(disk.attribute('device'), deviceKinds, 'the device of a disk', reporter);
  const sourceType = readWord(disk.attribute('type'), sourceTypes, 'the type of a disk', reporter);
  const bus = readWord(target?.attribute('bus') ?? null, buses, 'the bus of a disk', reporter);
  const rotationRate = readNumber(target?.attribute('rotation_rate') ?? null, 'rotation_rate', reporter, {
    max: 65_535,
  });
  const rest = {
    address: readAddress(disk),
    bootOrder: readBootOrder(disk),
    serial: disk.child('serial')?.filledText() ?? null,
    product: disk.child('product')?.filledText() ?? null,
    wwn: readWwn(disk),
    readonly: disk.child('readonly')?.at ?? null,
    shareable: disk.child('shareable')?.at ?? null,
    source: readSource(disk, sourceType?.value ?? 'file'),
    driver: readDriver(disk),
    blockio: readBlockio(disk),
    iotune: readIotune(disk),
  };
  if (dev === null || dev.value === '') {
    reporter.report('BV0310', target?.at ?? at, { element: target === null ? 'disk' : 'target', part: 'target name' });
    return null;
  }
  return {
    at,
    sourceType: sourceType ?? { value: 'file', at },
    device: device ?? { value: 'disk', at },
    target: dev,
    bus,
    rotationRate,
    ...rest,
  };
}

function readSource(disk: ElementReader, type: DiskSourceType): DiskSource {
  const source = disk.child('source');
  if (source === null) return { path: null, volume: null };
  if (type === 'volume') {
    const pool = source.attribute('pool');
    const name = source.attribute('volume');
    if (pool !== null && name !== null) return { path: null, volume: { pool, name } };
    const part = pool === null ? 'pool attribute' : 'volume attribute';
    source.reporter.report('BV0310', source.at, { element: 'source', part });
    return { path: null, volume: null };
  }
  const names: Partial<Record<DiskSourceType, string>> = { file: 'file', block: 'dev', ctl: 'dev', dir: 'dir' };
  const path = source.attribute(names[type] ?? 'name');
  // Any other type is refused as a whole.
  if (names[type] === undefined) source.takeAll();
  return { path: path === null || path.value === '' ? null : path, volume: null };
}

function readWwn(disk: ElementReader): Located<string> | null {
  const wwn = disk.child('wwn')?.filledText() ?? null;
  if (wwn === null || /^(0x)?[0-9a-fA-F]{16}$/.test(wwn.value)) return wwn;
  disk.reporter.report('BV0314', wwn.at, {
    problem: `'${wwn.value}' is not a world wide name`,
    remedy: 'write 16 hexadecimal digits, with or without 0x before them',
  });
  return null;
}

function readDriver(disk: ElementReader): Disk['driver'] {
  const driver = disk.child('driver');
  if (driver === null) return { format: null, cache: null, discard: null, queues: null, queueSize: null };
  const { reporter } = driver;
  driver.attribute('name');
  readWord(driver.look('io'), ['native', 'threads', 'io_uring'] as const, 'io', reporter);
  return {
    format: driver.attribute('type'),
    cache: readWord(driver.attribute('cache'), cacheModes, 'cache', reporter),
    discard: readWord(driver.attribute('discard'), discardModes, 'discard', reporter),
    queues: readNumber(driver.attribute('queues'), 'queues', reporter),
    queueSize: readNumber(driver.attribute('queue_size'), 'queue_size', reporter),
  };
}

function readBlockio(disk: ElementReader): Disk['blockio'] {
  const blockio = disk.child('blockio');
  const size = (name: string): Located<number> | null =>
    blockio === null ? null : readNumber(blockio.attribute(name), name, blockio.reporter);
  return { logical: size('logical_block_size'), physical: size('physical_block_size') };
}
