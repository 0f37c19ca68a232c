/** `<hostdev>`: devices of the host that the guest is given (formatdomain, "Host device assignment"). */
import type { Located, Span } from '../../diagnostics/source.ts';
import { readWord, readYesNo } from '../values.ts';
import type { ElementReader } from '../xml/reader.ts';
import { readAddress, readHostPciAddress, type Address, type PciAddressElement } from './address.ts';
import { readBootOrder } from './boot.ts';

/** A device of the host that the guest is given. */
export interface Hostdev {
  readonly at: Span;
  readonly type: Located<string>;
  /** The host's PCI address; null for devices that are not PCI. */
  readonly source: PciAddressElement | null;
  /** The device is bound for the guest and given back by itself. */
  readonly managed: Located<boolean> | null;
  readonly rom: Located<string> | null;
  readonly address: Address | null;
  readonly bootOrder: Located<number> | null;
}

const hostdevTypes = ['usb', 'pci', 'scsi', 'scsi_host', 'mdev', 'storage', 'misc', 'net'] as const;

/** Reads a host device. */
export function readHostdev(element: ElementReader): Hostdev | null {
  const { at, reporter } = element;
  readWord(element.attribute('mode'), ['subsystem', 'capabilities'] as const, 'the mode of a hostdev', reporter);
  const managed = readYesNo(element.attribute('managed'), 'managed', reporter);
  const type = readWord(element.attribute('type'), hostdevTypes, 'the type of a hostdev', reporter);
  const source = element.child('source');
  const host = source?.child('address') ?? null;
  const address = readAddress(element);
  const rest = { rom: element.child('rom')?.attribute('file') ?? null, bootOrder: readBootOrder(element) };
  if (type === null) {
    if (element.attribute('type') === null)
      reporter.report('BV0310', at, { element: 'hostdev', part: 'type attribute' });
    return null;
  }
  if (type.value === 'pci' && host === null) {
    reporter.report('BV0310', source?.at ?? at, { element: 'hostdev', part: 'source address' });
    return null;
  }
  const pci = type.value === 'pci' && host !== null ? readHostPciAddress(host) : null;
  if (pci === null) source?.takeAll();
  return { at, type, source: pci, managed, address, ...rest };
}
