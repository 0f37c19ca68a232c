/**
 * The boot order that UEFI firmware reads: `<boot order>` of the devices, or the kinds of `<os><boot dev>` in order. It
 * takes bhyve's `bootindex=` and `fwcfg=qemu` (bhyve(8), "Block storage device backends"). Reports: BV0604.
 */
import type { Disk } from '../../frontend/elements/disk.ts';
import type { Interface } from '../../frontend/elements/interface.ts';
import type { Hostdev } from '../../frontend/elements/small-devices.ts';
import type { CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { whereOffered } from './optional.ts';

/** A device that firmware can boot from. */
type Bootable = Disk | Interface | Hostdev;

/** True where a boot ROM boots the guest. */
export function bootsFirmware({ domain, arch }: CompleteDomain): boolean {
  const { loader, bootloader, firmware } = domain.os;
  return bootloader === null && (loader !== null || firmware?.value === 'efi' || arch === 'arm64');
}

/** The place of a device in the firmware's boot order, from 1; null where it has none or the host cannot order devices. */
export function bootindexOf(device: Bootable, domain: CompleteDomain, context: Context): number | null {
  if (!bootsFirmware(domain)) return null;
  const { bootOrder } = device;
  if (bootOrder !== null) return whereOffered(context.uses.take(bootOrder).value, 'bootindex', bootOrder.at, context);
  const [first] = domain.domain.os.bootDevs;
  if (first === undefined) return null;
  const rank = byKind(domain).indexOf(device);
  for (const dev of domain.domain.os.bootDevs) if (ofKind(dev.value, domain).includes(device)) context.uses.take(dev);
  return rank < 0 ? null : whereOffered(rank + 1, 'bootindex', first.at, context);
}

/** True where some device has a place in the order. */
export function hasFirmwareOrder(domain: CompleteDomain, { host }: Context): boolean {
  if (!host.capabilities.has('bootindex')) return false;
  const { disks, interfaces, hostdevs } = domain.domain.devices;
  return (
    byKind(domain).length > 0 || [...disks, ...interfaces, ...hostdevs].some(({ bootOrder }) => bootOrder !== null)
  );
}

function byKind(domain: CompleteDomain): readonly Bootable[] {
  return domain.domain.os.bootDevs.flatMap(({ value }) => ofKind(value, domain));
}

function ofKind(dev: string, { domain, disks }: CompleteDomain): readonly Bootable[] {
  if (dev === 'network') return domain.devices.interfaces;
  const kind = dev === 'hd' ? 'disk' : dev === 'cdrom' ? 'cdrom' : 'floppy';
  return disks.map(({ disk }) => disk).filter(({ device }) => device.value === kind);
}
