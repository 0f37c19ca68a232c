/**
 * The boot order that UEFI firmware reads: `<boot order>` of the devices, or the kinds of `<os><boot dev>` in order. It
 * takes bhyve's `bootindex=` of disks and `fwcfg=qemu` (bhyve(8), "Block storage device backends"); bhyve reads no order of other
 * devices. Reports: BV0604, BV1840, BV1841.
 */
import type { Located, Span } from '../../diagnostics/source.ts';
import type { Disk } from '../../frontend/elements/disk.ts';
import type { CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { whereOffered } from './optional.ts';

/** True where a boot ROM boots the guest. */
export function bootsFirmware({ domain, arch }: CompleteDomain): boolean {
  const { loader, bootloader, firmware } = domain.os;
  return bootloader === null && (loader !== null || firmware?.value === 'efi' || arch === 'arm64');
}

/** The place of a disk in the firmware's boot order, from 1; null where it has none or the host cannot order devices. */
export function bootindexOf(device: Disk, domain: CompleteDomain, context: Context): number | null {
  if (!bootsFirmware(domain)) return null;
  const { bootOrder } = device;
  if (bootOrder !== null) return whereOffered(context.uses.take(bootOrder).value, 'bootindex', bootOrder.at, context);
  const [first] = domain.domain.os.bootDevs;
  if (first === undefined) return null;
  const rank = byKind(domain).indexOf(device);
  for (const dev of domain.domain.os.bootDevs) if (ofKind(dev.value, domain).includes(device)) context.uses.take(dev);
  return rank < 0 ? null : whereOffered(rank + 1, 'bootindex', first.at, context);
}

/** True where some disk has a place in the order. */
export function hasFirmwareOrder(domain: CompleteDomain, { host }: Context): boolean {
  if (!host.capabilities.has('bootindex')) return false;
  return byKind(domain).length > 0 || domain.domain.devices.disks.some(({ bootOrder }) => bootOrder !== null);
}

function byKind(domain: CompleteDomain): readonly Disk[] {
  return domain.domain.os.bootDevs.flatMap(({ value }) => ofKind(value, domain));
}

function ofKind(dev: string, { disks }: CompleteDomain): readonly Disk[] {
  const kind = dev === 'hd' ? 'disk' : dev === 'cdrom' ? 'cdrom' : dev === 'fd' ? 'floppy' : null;
  return disks.map(({ disk }) => disk).filter(({ device }) => device.value === kind);
}

/** A place in the order that bhyve has no word for. */
interface Unordered {
  readonly what: string;
  readonly order: number;
  readonly at: Span;
}

/**
 * Reports each place in the order that bhyve cannot tell the firmware: behind all disks the order of the disks still holds,
 * before one of them the guest would boot from something else.
 */
export function reportUnordered(domain: CompleteDomain, { dialect, reporter, uses }: Context): void {
  if (!bootsFirmware(domain) || !dialect.ours('disk-bootindex-everywhere')) return;
  const { bootDevs } = domain.domain.os;
  const { disks, interfaces, hostdevs } = domain.domain.devices;
  const ofDisks = [
    ...disks.flatMap(({ bootOrder }) => (bootOrder === null ? [] : [bootOrder.value])),
    ...bootDevs.flatMap(({ value }, place) => (value === 'network' ? [] : [place])),
  ];
  const unordered: readonly Unordered[] = [
    ...interfaces.flatMap(({ bootOrder }) => orderOf('an interface', bootOrder)),
    ...hostdevs.flatMap(({ bootOrder }) => orderOf('a host device', bootOrder)),
    ...bootDevs.flatMap(({ value, at }, order) => (value === 'network' ? [{ what: 'an interface', order, at }] : [])),
  ];
  for (const { what, order, at } of unordered) {
    const isLast = ofDisks.length > 0 && ofDisks.every((other) => other < order);
    reporter.report(isLast ? 'BV1840' : 'BV1841', uses.take(at), { what });
  }
}

function orderOf(what: string, order: Located<number> | null): readonly Unordered[] {
  return order === null ? [] : [{ what, order: order.value, at: order.at }];
}
