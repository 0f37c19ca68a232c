/**
 * The boot order that UEFI firmware reads: `<boot order>` of the devices, or the kinds of `<os><boot dev>` in order. It
 * takes bhyve's `bootindex=` of disks and `fwcfg=qemu` (bhyve(8), "Block storage device backends"). What of an order cannot be
 * followed says `boot-order.ts`.
 */
import type { Disk } from '../../frontend/elements/disk.ts';
import type { CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';

/** True where a boot ROM boots the guest. */
export function bootsFirmware({ domain, arch }: CompleteDomain): boolean {
  const { loader, bootloader, firmware } = domain.os;
  return bootloader === null && (loader !== null || firmware?.value === 'efi' || arch === 'arm64');
}

/** The place of a disk in the firmware's boot order, from 1; null where it has none or the host cannot order devices. */
export function bootindexOf(device: Disk, domain: CompleteDomain, context: Context): number | null {
  if (!bootsFirmware(domain)) return null;
  const { bootOrder } = device;
  const { host, dialect, uses } = context;
  // libvirt does not ask.
  const isOffered = host.capabilities.has('bootindex') || !dialect.ours('capability-checks');
  if (bootOrder !== null) {
    uses.take(bootOrder);
    return isOffered ? bootOrder.value : null;
  }
  const rank = byKind(domain).indexOf(device);
  for (const dev of domain.domain.os.bootDevs) if (ofKind(dev.value, domain).includes(device)) uses.take(dev);
  return rank < 0 || !isOffered ? null : rank + 1;
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
