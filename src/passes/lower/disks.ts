/** Disks and their controllers to ahci, virtio-blk, nvme and virtio-scsi (libvirt-compile reference, 6.1 to 6.5). */
import type { Located, Origins } from '../../diagnostics/source.ts';
import type { AhciPort } from '../../ir/emulations/ahci.ts';
import type { Device } from '../../ir/emulations/index.ts';
import type { Disk, DiskBus } from '../../frontend/elements/disk.ts';
import type { CompleteController, CompleteDisk, CompleteDomain } from '../complete/complete-domain.ts';
import { parseDiskName } from '../complete/disk-name.ts';
import { portsOfAhci } from '../complete/drive-units.ts';
import type { Context } from '../context.ts';
import {
  blockOptions,
  checkDisk,
  checkImages,
  isNoDisk,
  reportDevice,
  sectorSize,
  sourcePath,
  takeDisk,
} from './block.ts';
import { scsiForm } from './scsi.ts';
import type { Place } from '../../ir/emulations/define.ts';
import { whereOffered } from './optional.ts';
import { placeOf } from './place.ts';
import { checkText, checkWord } from './words.ts';

/** Virtio disks; each is a device of its own. Disks of all buses are checked here, once. */
export function lowerDisks(domain: CompleteDomain, context: Context): readonly Device[] {
  for (const disk of domain.disks) checkDisk(disk, context);
  checkImages(domain, context);
  checkDrivePlaces(domain, context);
  const unsupported = domain.disks.filter(({ bus }) => unsupportedBuses.includes(bus));
  for (const { disk, bus } of unsupported) {
    if (isNoDisk(disk)) reportDevice(disk, bus, context);
    else context.reporter.report('BV0519', disk.bus?.at ?? disk.target.at, { bus });
  }
  return domain.disks.filter(({ bus }) => bus === 'virtio').flatMap((disk) => lowerVirtioDisk(disk, domain, context));
}

/** Buses of libvirt for which bhyve has no controller. */
const unsupportedBuses: readonly DiskBus[] = ['ide', 'fdc', 'usb', 'xen', 'uml', 'sd'];

function lowerVirtioDisk(complete: CompleteDisk, domain: CompleteDomain, context: Context): readonly Device[] {
  const { disk } = complete;
  const origins: Origins = [disk.at];
  if (disk.device.value !== 'disk') {
    reportDevice(disk, 'virtio', context);
    return [];
  }
  const path = sourcePath(complete, context);
  if (path === null) return [];
  takeDisk(complete, context);
  const address = disk.address?.type === 'pci' ? disk.address : null;
  const owner = `disk ${disk.target.value}`;
  const written = context.dialect.ours('disk-identity') ? disk.serial : null;
  const serial = whereOffered(written, 'virtio-blk-serial', written?.at, context);
  if (serial !== null) checkText(context.uses.take(serial), 'a serial number', context);
  const remembered = domain.recall.of(disk);
  const place = placeOf({ owner, remembered, address, origins, libvirtPrintsFunction: false }, context);
  const options = blockOptions(complete, domain, context);
  return [{ kind: 'virtio-blk', place, path, serial, options, origins }];
}

/** bhyve gives the disks of a controller ports in order; the other numbers of a drive address say nothing to it. */
function checkDrivePlaces({ disks }: CompleteDomain, context: Context): void {
  const { reporter, uses } = context;
  const next = new Map<string, number>();
  for (const { disk, bus, controller, unit: given } of disks) {
    const key = `${bus} ${String(controller)}`;
    const unit = given ?? next.get(key) ?? 0;
    if (bus !== 'scsi') next.set(key, unit + 1);
    const { address } = disk;
    if (address?.type !== 'drive' || bus === 'virtio') continue;
    const { places } = address;
    if (bus === 'scsi' && address.bus === 0 && scsiForm(context) === 'target') continue;
    // libvirt takes the first disk of such a controller alone, which is told.
    if (bus === 'scsi' && !context.dialect.ours('disk-drive-units')) continue;
    const wrong = address.bus !== 0 ? places.bus : address.target !== 0 ? places.target : places.unit;
    if (address.bus === 0 && address.target === 0 && address.unit === unit) continue;
    reporter.report('BV1509', wrong, { unit });
    uses.leaveOut(address.at);
  }
}

/** A SATA controller with its disks. */
export function lowerSata(
  controller: CompleteController,
  place: Place,
  domain: CompleteDomain,
  context: Context,
): Device {
  const disks = domain.disks.filter((disk) => disk.bus === 'sata' && disk.controller === controller.index);
  const ports = disks
    .flatMap((disk) => lowerAhciPort(disk, domain, context))
    .toSorted((a, b) => (a.unit ?? 0) - (b.unit ?? 0));
  const beyond = disks[portsOfAhci];
  if (beyond !== undefined && context.dialect.ours('disk-drive-units')) {
    context.reporter.report('BV0525', beyond.disk.at, { controller: controller.index, max: portsOfAhci });
  }
  const origins: Origins = [...controller.origins, ...disks.map(({ disk }) => disk.at)];
  // A drive without a medium gets its slot back when there is one.
  if (!controller.written && ports.length === 0 && context.dialect.ours('empty-cdrom')) {
    return { kind: 'empty-slot', place, origins };
  }
  return { kind: 'ahci', place, ports, multiPort: context.host.capabilities.has('ahci-ports'), origins };
}

function lowerAhciPort(complete: CompleteDisk, domain: CompleteDomain, context: Context): readonly AhciPort[] {
  const { disk } = complete;
  const { reporter, dialect } = context;
  if (disk.device.value !== 'disk' && disk.device.value !== 'cdrom') {
    reportDevice(disk, 'sata', context);
    return [];
  }
  const isCd = disk.device.value === 'cdrom';
  if (isCd && disk.source.path === null && disk.source.volume === null) {
    if (dialect.ours('empty-cdrom')) reporter.report('BV0522', disk.at, { target: disk.target.value });
    else reporter.report('BV0521', disk.at, { target: disk.target.value });
    return [];
  }
  const path = sourcePath(complete, context);
  if (path === null) return [];
  takeDisk(complete, context);
  const ours = dialect.ours('disk-identity');
  const identity = <T>(found: Located<T> | null): Located<T> | null =>
    context.uses.take(whereOffered(found, 'ahci-identity', found?.at, context));
  if (disk.serial !== null) checkText(disk.serial, 'a serial number', context);
  if (disk.product !== null && ours) checkWord(disk.product, 'the product of a disk', context);
  return [
    {
      unit: complete.unit,
      type: isCd ? 'cd' : 'hd',
      path,
      rotationRate: nonZero(identity(disk.rotationRate)?.value),
      serial: identity(disk.serial),
      model: ours ? identity(disk.product) : null,
      options: blockOptions(complete, domain, context),
      origins: [disk.at],
    },
  ];
}

/** An NVMe controller with its disk; without one it only keeps its slot. */
export function lowerNvme(
  controller: CompleteController,
  place: Place,
  domain: CompleteDomain,
  context: Context,
): readonly Device[] {
  if (controller.serial?.value.includes(',') === true) context.reporter.report('BV0513', controller.serial.at, {});
  const disks = domain.disks.filter((disk) => disk.bus === 'nvme' && disk.controller === controller.index);
  if (disks.length === 0) return [{ kind: 'empty-slot', place, origins: controller.origins }];
  // libvirt looks at the target names alone, so that two disks may share a controller by their addresses.
  return disks.flatMap((disk) => lowerNvmeDisk(disk, controller, place, domain, context));
}

function lowerNvmeDisk(
  complete: CompleteDisk,
  controller: CompleteController,
  place: Place,
  domain: CompleteDomain,
  context: Context,
): readonly Device[] {
  const { reporter, dialect } = context;
  const { disk } = complete;
  const before = domain.disks.find((other) => other.bus === 'nvme' && sharesNvme(other, complete, context));
  if (before !== undefined && before !== complete) {
    const notes = [{ span: before.disk.target.at, text: 'the other disk' }];
    reporter.report('BV0523', disk.target.at, { controller: controller.index }, { notes });
  }
  if (disk.device.value !== 'disk' && (disk.device.value !== 'cdrom' || dialect.ours('disk-block'))) {
    reportDevice(disk, 'nvme', context);
  }
  const path = sourcePath(complete, context);
  takeDisk(complete, context);
  for (const part of [disk.wwn, disk.driver.queues, disk.driver.queueSize, controller.serial]) context.uses.take(part);
  if (disk.serial?.value === controller.serial?.value) context.uses.take(disk.serial);
  const wwn = disk.wwn?.value ?? null;
  if (controller.serial !== null) checkText(controller.serial, 'a serial number', context);
  const sizes = dialect.ours('disk-sector-size') ? sectorSize(complete, context) : null;
  return [
    {
      kind: 'nvme',
      place,
      path: path ?? { value: '', at: disk.at },
      maxq: nonZero(disk.driver.queues?.value),
      qsz: nonZero(disk.driver.queueSize?.value),
      sectsz: sizes?.logical ?? null,
      eui64: wwn === null ? null : wwn.startsWith('0x') ? wwn : `0x${wwn}`,
      serial: controller.serial,
      dsm: dsmOf(disk.driver.discard, context),
      options: blockOptions(complete, domain, context),
      origins: [disk.at, ...controller.origins],
    },
  ];
}

function sharesNvme(one: CompleteDisk, other: CompleteDisk, { dialect }: Context): boolean {
  if (dialect.ours('disk-drive-units') && one.controller === other.controller) return true;
  const number = parseDiskName(other.disk.target.value)?.controller ?? null;
  return number !== null && parseDiskName(one.disk.target.value)?.controller === number;
}

function nonZero(value: number | undefined): number | null {
  return value === undefined || value === 0 ? null : value;
}

function dsmOf(discard: Disk['driver']['discard'], context: Context): 'enable' | 'disable' | null {
  if (discard === null || !context.dialect.ours('disk-discard')) return null;
  const word = discard.value === 'ignore' ? 'disable' : discard.value === 'unmap' ? 'enable' : null;
  context.uses.take(discard);
  return whereOffered(word, 'nvme-dsm', discard.at, context);
}
