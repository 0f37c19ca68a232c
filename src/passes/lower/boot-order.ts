/**
 * The boot order of a guest against what reads it, one rule for each loader and release. Firmware, bhyveload and grub-bhyve
 * boot from disks, and bhyve tells firmware an order of disks only, by `bootindex=` (bhyve(8), "Block storage device backends").
 * What is behind all disks is told; before one of them the guest would boot from something else: an error, and so is a `<boot order>` of
 * several disks where bhyve has no `bootindex=`. Kinds of `<boot dev>` are a warning there: tools write them without being asked. A loader with arguments of its own goes by these. Reports: BV1840, BV1841, BV1890.
 */
import type { Located, Span } from '../../diagnostics/source.ts';
import type { Loader } from '../../ir/machine.ts';
import type { CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { usable } from './boot-disk.ts';
import { bootsFirmware } from './firmware-order.ts';

/** A place in the order. */
interface Place {
  /** What stands there; null for a disk. */
  readonly other: string | null;
  readonly order: number;
  readonly at: Span;
}

/** Reports each place in the order that the guest's loader or firmware cannot follow. */
export function checkBootOrder(complete: CompleteDomain, loader: Loader, context: Context): void {
  const { dialect, reporter, uses } = context;
  const who = readerOf(complete, loader);
  if (who === null || !dialect.ours('disk-bootindex-everywhere')) return;
  const places = placesOf(complete, loader);
  const disks = places.filter(({ other }) => other === null);
  for (const { other, order, at } of places) {
    if (other === null) continue;
    const isLast = disks.length > 0 && disks.every((disk) => disk.order < order);
    reporter.report(isLast ? 'BV1840' : 'BV1841', uses.take(at), { who, what: other });
  }
  const [first] = disks.toSorted((a, b) => a.order - b.order);
  if (first !== undefined && bootsFirmware(complete)) checkReleaseHasOrder(complete, first, context);
}

/** An order of one disk is none; without `bootindex=` an order of several is the firmware's own. */
function checkReleaseHasOrder({ domain, disks }: CompleteDomain, { at }: Place, context: Context): void {
  const { host, dialect, reporter } = context;
  if (host.capabilities.has('bootindex') || !dialect.ours('capability-checks')) return;
  const count = disks.filter((disk) => usable(disk, context)).length;
  const severity = domain.devices.disks.some(({ bootOrder }) => bootOrder !== null) ? 'error' : 'warning';
  if (count > 1) reporter.report('BV1890', at, { host: host.name, count }, { severity });
}

/** Who goes by the order; null where the arguments of a loader decide, or where nothing boots and that has been said. */
function readerOf(complete: CompleteDomain, { kind }: Loader): string | null {
  if (bootsFirmware(complete)) return 'bhyve';
  if (kind === 'bhyveload') return 'bhyveload';
  return kind === 'grub' ? 'grub-bhyve' : null;
}

function placesOf({ domain }: CompleteDomain, { kind }: Loader): readonly Place[] {
  const { disks, interfaces, hostdevs } = domain.devices;
  // bhyveload says itself of which kinds it boots.
  const bootDevs = kind === 'bhyveload' ? [] : domain.os.bootDevs;
  return [
    ...disks.flatMap(({ bootOrder }) => placeOf(null, bootOrder)),
    ...interfaces.flatMap(({ bootOrder }) => placeOf('an interface', bootOrder)),
    ...hostdevs.flatMap(({ bootOrder }) => placeOf('a host device', bootOrder)),
    ...bootDevs.map(({ value, at }, order) => ({ other: value === 'network' ? 'an interface' : null, order, at })),
  ];
}

function placeOf(other: string | null, order: Located<number> | null): readonly Place[] {
  return order === null ? [] : [{ other, order: order.value, at: order.at }];
}
