/**
 * Disks: list order, default bus, controller (libvirt-compile reference, sections 3.2, 3.3 and 3.5).
 * Reports: BV0401 to BV0404.
 */
import type { Span } from '../../diagnostics/source.ts';
import type { Disk, DiskBus } from '../../frontend/elements/disk.ts';
import type { DriveAddress } from '../../frontend/elements/address.ts';
import type { Context } from '../context.ts';
import type { CompleteDisk } from './complete-domain.ts';
import { parseDiskName } from './disk-name.ts';
import { packSata, portsOfAhci } from './drive-units.ts';
import type { Recall } from './recall.ts';

/** Disks on one SCSI controller by libvirt's rule for narrow buses. */
const unitsOfScsi = 7;

/** Gives each disk its bus and controller, in libvirt's list order. */
export function completeDisks(disks: readonly Disk[], recall: Recall, context: Context): readonly CompleteDisk[] {
  const ordered = inListOrder(disks);
  reportDuplicateTargets(ordered, context);
  const placed = ordered.map((disk): CompleteDisk => {
    const bus = disk.bus?.value ?? defaultBus(disk);
    return { disk, bus, controller: usesDriveAddress(bus) ? controllerOf(disk, bus, context) : null, unit: null };
  });
  reportDuplicateAddresses(ordered, context);
  return context.dialect.ours('disk-drive-units') ? packSata(placed, recall, context) : placed;
}

/**
 * libvirt inserts each before the first disk of its bus with a larger index, else after the last of that bus, else at the
 * end. So the disks of a bus stand together and are sorted, in the order in which the buses first appear.
 */
function inListOrder(disks: readonly Disk[]): readonly Disk[] {
  const groups = new Map<string | null, { readonly disk: Disk; readonly index: number }[]>();
  for (const disk of disks) {
    const bus = disk.bus?.value ?? null;
    const group = groups.get(bus) ?? [];
    groups.set(bus, group);
    group.push({ disk, index: parseDiskName(disk.target.value)?.index ?? -1 });
  }
  return [...groups.values()].flatMap((group) =>
    group.toSorted((one, other) => one.index - other.index).map(({ disk }) => disk),
  );
}

function defaultBus(disk: Disk): DiskBus {
  if (disk.device.value === 'floppy') return 'fdc';
  const prefixes: readonly (readonly [string, DiskBus])[] = [
    ['hd', 'ide'],
    ['sd', 'scsi'],
    ['vd', 'virtio'],
    ['xvd', 'xen'],
    ['ubd', 'uml'],
    ['nvme', 'nvme'],
  ];
  return prefixes.find(([prefix]) => disk.target.value.startsWith(prefix))?.[1] ?? 'ide';
}

function usesDriveAddress(bus: DiskBus): boolean {
  return bus === 'sata' || bus === 'scsi' || bus === 'nvme' || bus === 'ide' || bus === 'fdc';
}

function controllerOf(disk: Disk, bus: DiskBus, { host, reporter }: Context): number {
  const { address, target } = disk;
  if (address !== null) {
    if (address.type === 'drive') return address.controller;
    const kind = address.type === 'other' ? address.kind : address.type;
    reporter.report('BV0402', address.typeAt, { kind, bus });
    return 0;
  }
  const name = parseDiskName(target.value);
  if (name === null) {
    reporter.report('BV0401', target.at, { target: target.value, names: namesFor(bus) });
    return 0;
  }
  switch (bus) {
    case 'sata':
      return host.capabilities.has('ahci-ports') ? Math.floor(name.index / portsOfAhci) : name.index;
    case 'scsi':
      return Math.floor(name.index / unitsOfScsi);
    case 'nvme':
      return name.controller ?? 0;
    default:
      return 0;
  }
}

function reportDuplicateTargets(disks: readonly Disk[], { reporter }: Context): void {
  const seen = new Map<string, Disk>();
  for (const disk of disks) {
    reportName(disk, reporter);
    const other = seen.get(disk.target.value);
    if (other === undefined) seen.set(disk.target.value, disk);
    else {
      reporter.report(
        'BV0403',
        disk.target.at,
        { target: disk.target.value },
        {
          notes: [{ span: other.target.at, text: 'the other disk' }],
        },
      );
    }
    if (
      !usesDriveAddress(disk.bus?.value ?? defaultBus(disk)) &&
      disk.address === null &&
      parseDiskName(disk.target.value) === null
    ) {
      reporter.report('BV0401', disk.target.at, { target: disk.target.value, names: namesFor(disk.bus?.value) });
    }
  }
}

/** What the target names of disks begin with, whatever their addresses. */
function reportName({ bus, device, target }: Disk, reporter: Context['reporter']): void {
  const prefixes = ['hd', 'sd', 'vd', 'xvd', 'ubd', 'nvme'];
  // A floppy is refused for what it is, whatever its name.
  if (
    device.value === 'cdrom' ||
    device.value === 'floppy' ||
    prefixes.some((prefix) => target.value.startsWith(prefix))
  )
    return;
  reporter.report('BV0401', target.at, { target: target.value, names: namesFor(bus?.value) });
}

/** Target names for a disk on a bus, for people. */
function namesFor(bus: DiskBus | undefined): string {
  if (bus === 'nvme') return 'nvme0n1';
  if (bus === 'virtio') return 'vda or vdb';
  return bus === 'sata' || bus === 'scsi' ? 'sda or sdb' : 'vda, sdb or nvme0n1';
}

function reportDuplicateAddresses(disks: readonly Disk[], context: Context): void {
  const seen = new Map<string, Disk>();
  for (const disk of disks) {
    const address = driveAddressOf(disk, context);
    if (address === null) continue;
    const { controller, bus, target, unit } = address;
    const place = [disk.bus?.value ?? defaultBus(disk), controller, bus, target, unit].join(' ');
    const other = seen.get(place);
    if (other === undefined) seen.set(place, disk);
    else {
      context.reporter.report(
        'BV0404',
        unitPlace(disk),
        { target: disk.target.value, other: other.target.value, controller, unit },
        { notes: [{ span: unitPlace(other), text: 'the other disk' }] },
      );
    }
  }
}

/** Where the unit of a disk is written: it follows from the target name where there is no address. */
function unitPlace({ address, target }: Disk): Span {
  return address?.type === 'drive' ? address.places.unit : target.at;
}

type DrivePlace = Pick<DriveAddress, 'controller' | 'bus' | 'target' | 'unit'>;

/** The drive address that libvirt gives a disk, or the written one; ours pack disks instead of deriving addresses. */
function driveAddressOf(disk: Disk, { host, dialect }: Context): DrivePlace | null {
  if (disk.address !== null) return disk.address.type === 'drive' ? disk.address : null;
  const name = parseDiskName(disk.target.value);
  if (name === null || dialect.ours('disk-drive-units')) return null;
  const bus = disk.bus?.value ?? defaultBus(disk);
  if (bus === 'sata') {
    return host.capabilities.has('ahci-ports')
      ? { controller: Math.floor(name.index / portsOfAhci), bus: 0, target: 0, unit: name.index % portsOfAhci }
      : { controller: name.index, bus: 0, target: 0, unit: 0 };
  }
  if (bus === 'scsi') {
    return { controller: Math.floor(name.index / unitsOfScsi), bus: 0, target: 0, unit: name.index % unitsOfScsi };
  }
  if (bus === 'nvme' && name.controller !== null)
    return { controller: name.controller, bus: name.index, target: 0, unit: 0 };
  return null;
}
