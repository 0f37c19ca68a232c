/** What disks have in common: path, backend options, checks (libvirt-compile reference, sections 6.1 to 6.5). */
import type { Dialect } from '../../dialect/dialect.ts';
import type { Located } from '../../diagnostics/source.ts';
import type { Disk, DiskBus, DiskSourceType } from '../../frontend/elements/disk.ts';
import { foldedPath } from '../../ir/host-files.ts';
import { noBlockOptions, type BlockOptions } from '../../ir/emulations/block.ts';
import type { CompleteDisk, CompleteDomain } from '../complete/complete-domain.ts';
import { parseDiskName } from '../complete/disk-name.ts';
import type { Context } from '../context.ts';
import { bootindexOf } from './firmware-order.ts';
import { whereOffered } from './optional.ts';
import { pathOfVolume, placeOfVolume } from './volume.ts';
import { whoCannot } from './who.ts';
import { checkPath } from './words.ts';

/** The largest boot order that bhyve can hold. */
const maximumBootindex = 2_147_483_647;
/** Characters of a serial number and of a model that a guest is shown. */
const longestSerial = 20;
const longestModel = 40;

/** Reports what libvirt's validation of a disk finds, on any bus. */
export function checkDisk({ disk, bus }: CompleteDisk, context: Context): void {
  const { reporter, dialect } = context;
  const { bootOrder, rotationRate, serial, driver } = disk;
  if (bootOrder !== null && (bus === 'sata' || bus === 'virtio') && bootOrder.value > maximumBootindex) {
    reporter.report('BV0510', bootOrder.at, { order: bootOrder.value, max: maximumBootindex });
  }
  if (rotationRate !== null && rotationRate.value !== 0 && bus !== 'sata') {
    reporter.report('BV0511', rotationRate.at, { bus });
  }
  if (bus === 'nvme' && parseDiskName(disk.target.value)?.controller == null) {
    reporter.report('BV0405', disk.target.at, { target: disk.target.value });
  }
  for (const option of [driver.queues, driver.queueSize]) {
    if (option !== null && option.value !== 0 && bus !== 'nvme') reporter.report('BV0512', option.at, { bus });
  }
  if (serial !== null && (bus === 'sata' || dialect.ours('word-separators')) && serial.value.includes(',')) {
    reporter.report('BV0513', serial.at, {});
  }
  if (dialect.ours('disk-identity')) {
    reportLong(serial, 'a serial number', longestSerial, context);
    if (bus === 'sata') reportLong(disk.product, 'the product of a disk', longestModel, context);
  }
  if (driver.format !== null && driver.format.value !== 'raw') {
    const severity = dialect.ours('disk-block') ? 'error' : 'warning';
    reporter.report('BV0514', driver.format.at, { format: driver.format.value }, { severity });
  }
}

/** Suffixes of images that are more than the bytes of a disk. */
const formats = /[.](qcow2?|qed|vmdk|vdi|vhdx?|vpc)$/i;

/** Two disks of a guest that write to one place, and names of images that bhyve reads as raw. */
export function checkImages({ disks }: CompleteDomain, context: Context): void {
  const { dialect, reporter } = context;
  const seen = new Map<string, CompleteDisk>();
  for (const complete of disks) {
    const { path, volume } = complete.disk.source;
    const place = path ?? volume?.name ?? null;
    if (place === null) continue;
    const suffix = formats.exec(place.value)?.[1];
    if (suffix !== undefined && complete.disk.driver.format === null && complete.disk.device.value === 'disk')
      reporter.report('BV1505', place.at, { suffix });
    const key = volume === null ? foldedPath(place.value) : placeOfVolume(volume, context);
    const other = seen.get(key);
    seen.set(key, other ?? complete);
    if (other === undefined || isShared(complete, other)) continue;
    const notes = [{ span: (other.disk.source.path ?? other.disk.target).at, text: 'the other disk' }];
    const severity = dialect.ours('disk-block') ? 'error' : 'warning';
    reporter.report('BV1510', place.at, { path: place.value }, { notes, severity });
  }
}

/** True where nobody writes, or where both say that they share. A path may stand for one of many CTL ports. */
function isShared(...both: readonly CompleteDisk[]): boolean {
  return (
    both.every(({ disk }) => disk.readonly !== null || disk.device.value === 'cdrom') ||
    both.every(({ disk }) => disk.shareable !== null) ||
    both.some(({ disk }) => disk.sourceType.value === 'ctl')
  );
}

function reportLong(text: Located<string> | null, what: string, max: number, { reporter }: Context): void {
  if (text !== null && text.value.length > max) reporter.report('BV0526', text.at, { what, max });
}

/** The path of a disk's source; null, with a finding, where there is none that bhyve can open. */
export function sourcePath(complete: CompleteDisk, context: Context): Located<string> | null {
  const { disk, bus } = complete;
  const { reporter, dialect } = context;
  const { source, sourceType, at } = disk;
  if (sourceType.value === 'volume' && (bus !== 'nvme' || dialect.ours('disk-volume-nvme'))) {
    if (source.volume === null) return null;
    const path = pathOfVolume(source.volume, at, context);
    return path === null ? null : checked(path, context);
  }
  if (!opens(complete, dialect)) {
    const { value: type } = sourceType;
    if (elsewhere.includes(type)) reporter.report('BV1571', sourceType.at, { type });
    else if (bus === 'scsi') reporter.report('BV1570', disk.bus?.at ?? disk.target.at, { type });
    else
      reporter.report('BV0515', sourceType.at, {
        type,
        bus,
        who: whoCannot('disk-block', 'bhyve', context),
        file: source.path?.value ?? '...',
      });
    return null;
  }
  if (source.path === null) {
    reporter.report('BV0516', at, { target: disk.target.value });
    return null;
  }
  return checked(source.path, context);
}

/** Types of sources that are no file or device of the host; bhyve opens no others. */
const elsewhere: readonly DiskSourceType[] = ['network', 'nvme', 'vhostuser', 'vhostvdpa'];

/** True where the bus takes sources of that type. */
function opens({ disk, bus }: CompleteDisk, dialect: Dialect): boolean {
  const type = disk.sourceType.value;
  if (bus === 'scsi') return type === 'ctl';
  if (dialect.ours('disk-block')) return type === 'file' || type === 'block';
  return bus === 'nvme' || type === 'file';
}

function checked(path: Located<string>, context: Context): Located<string> {
  checkPath(path, 'the path of a disk', context);
  return path;
}

/** Marks what any bus makes use of. */
export function takeDisk({ disk, bus }: CompleteDisk, { dialect, uses }: Context): void {
  const { device, sourceType, source, target, driver, readonly } = disk;
  const always = [device, sourceType, source.path, source.volume?.pool, source.volume?.name, target, disk.bus];
  for (const part of always) uses.take(part);
  if (driver.format?.value === 'raw' || !dialect.ours('disk-block')) uses.take(driver.format);
  // Nobody can write to a CD.
  if (device.value === 'cdrom') uses.take(readonly);
  if (disk.address?.type === 'drive' && bus !== 'virtio') uses.takeWhole(disk.address);
}

/** What the backend of a disk is told. */
export function blockOptions(complete: CompleteDisk, domain: CompleteDomain, context: Context): BlockOptions {
  const { dialect, uses } = context;
  const { disk, bus } = complete;
  const bootindex = dialect.ours('disk-bootindex-everywhere')
    ? bootindexOf(disk, domain, context)
    : (uses.take(disk.bootOrder)?.value ?? null);
  if (disk.driver.cache?.value === 'default') uses.take(disk.driver.cache);
  if (!dialect.ours('disk-cache')) return { ...noBlockOptions, bootindex: bus === 'nvme' ? null : bootindex };
  const cache = disk.driver.cache?.value ?? 'default';
  if (cache !== 'unsafe') uses.take(disk.driver.cache);
  else if (disk.driver.cache !== null)
    context.reporter.report('BV0301', disk.driver.cache.at, { attribute: "cache='unsafe'", element: 'driver' });
  uses.take(disk.readonly);
  // Who compares guests asks for it.
  uses.take(disk.shareable);
  if (bus !== 'nvme') uses.take(disk.driver.discard);
  const nocache = cache === 'none' || cache === 'directsync' ? true : null;
  return {
    nocache:
      (bus === 'nvme' ? whereOffered(nocache, 'nvme-block-options', disk.driver.cache?.at, context) : nocache) === true,
    direct: cache === 'writethrough' || cache === 'directsync',
    readonly: disk.readonly !== null && disk.device.value !== 'cdrom',
    shareable: disk.shareable !== null,
    sectorSize: bus === 'nvme' ? null : sectorSize(complete, context),
    nodelete:
      bus !== 'nvme' &&
      whereOffered(ignoresTrim(complete), 'block-nodelete', disk.driver.discard?.at, context) === true,
    bootindex,
  };
}

function ignoresTrim({ disk }: CompleteDisk): true | null {
  return disk.driver.discard?.value === 'ignore' ? true : null;
}

/** Sector sizes of a disk, checked: powers of two from 512 up, the logical one not above the physical one. */
export function sectorSize({ disk }: CompleteDisk, { reporter, uses }: Context): BlockOptions['sectorSize'] {
  const { logical, physical } = disk.blockio;
  uses.take(logical);
  uses.take(physical);
  for (const size of [logical, physical]) {
    if (size !== null && (size.value < 512 || (size.value & (size.value - 1)) !== 0)) {
      reporter.report('BV0517', size.at, { size: size.value });
      return null;
    }
  }
  if (logical === null) return physical === null ? null : { logical: 512, physical: physical.value };
  if (physical !== null && physical.value < logical.value) {
    reporter.report('BV0518', physical.at, { logical: logical.value, physical: physical.value });
  }
  return { logical: logical.value, physical: physical?.value ?? null };
}

/** Floppies and LUNs: no bus of bhyve has them. */
export function isNoDisk({ device }: Disk): boolean {
  return device.value === 'floppy' || device.value === 'lun';
}

/** What is wrong with the device of a disk: bhyve has no such device at all, or not on that bus. */
export function reportDevice(disk: Disk, bus: DiskBus, { reporter }: Context): void {
  const { value: device, at } = disk.device;
  if (!isNoDisk(disk)) {
    const notes = [{ span: (disk.bus ?? disk.target).at, text: 'its bus' }];
    reporter.report('BV0520', at, { device, bus }, { notes });
  } else {
    const remedy =
      device === 'lun' ? "write device='disk'" : "remove it, or write device='cdrom' and bus='sata' with an ISO image";
    reporter.report('BV1572', at, { device, remedy });
  }
}
