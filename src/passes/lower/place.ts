/** The PCI place of a device: what its `<address>` pins, or a free slot. Reports: BV0505 to BV0507. */
import type { Origins } from '../../diagnostics/source.ts';
import type { Address, PciAddressElement } from '../../frontend/elements/address.ts';
import type { Place } from '../../ir/emulations/define.ts';
import { hexPciAddress, type PciAddress } from '../../ir/units.ts';
import type { Remembered } from '../complete/recall.ts';
import type { Context } from '../context.ts';

/** Where a device wants to sit. */
export interface PlaceRequest {
  /** Unique in the machine, and what messages call it: `disk vda`. */
  readonly owner: string;
  /** The device in the lock; null for one that is not remembered. */
  readonly remembered: Remembered | null;
  readonly address: Address | null;
  readonly origins: Origins;
  /** True for devices whose function libvirt prints; it prints 0 for all others. */
  readonly libvirtPrintsFunction: boolean;
  /** Where it goes if nobody has pinned that. */
  readonly prefers?: PciAddress;
}

/** The place of a device on the guest's PCI bus. */
export function placeOf(request: PlaceRequest, context: Context): Place {
  const { owner, remembered, address, origins, libvirtPrintsFunction, prefers } = request;
  const hidden = !libvirtPrintsFunction && !context.dialect.ours('pci-function');
  const wanted = wantedOf(address, context);
  const at = address?.at ?? origins[0];
  const known = { key: remembered?.key ?? null, held: remembered?.held.pci ?? null };
  const need = { kind: 'pci', id: `pci ${owner}`, owner, ...known, wanted, origins, at } as const;
  const preferring = prefers === undefined ? need : { ...need, prefers };
  return { kind: 'granted', need: preferring, printedFunction: hidden ? 0 : null };
}

/** What an address pins; null for none, and for the all-zero address, which libvirt takes for none. */
function wantedOf(address: Address | null, context: Context): PciAddress | null {
  if (address === null) return null;
  if (address.type !== 'pci') {
    const kind = address.type === 'other' ? address.kind : address.type;
    context.reporter.report('BV0505', address.typeAt, { kind });
    return null;
  }
  const { domain, bus, slot, function: fn, places } = address;
  if (isUnset(address, context)) return null;
  context.uses.takeWhole(address);
  const written = hexPciAddress({ bus, slot, function: fn }, domain);
  if (domain !== 0) context.reporter.report('BV0506', places.domain, { address: written });
  if (bus !== 0 && !context.dialect.ours('pci-bus'))
    context.reporter.report('BV0507', places.bus, { address: written });
  return { bus, slot, function: fn };
}

function isUnset({ domain, bus, slot, function: fn }: PciAddressElement, { dialect }: Context): boolean {
  return domain === 0 && bus === 0 && slot === 0 && (fn === 0 || !dialect.ours('pci-function'));
}
