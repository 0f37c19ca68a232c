/** Devices that bhyve does not have (formatdomain, "Devices"). */
import type { Located, Span } from '../../diagnostics/source.ts';
import type { ElementReader } from '../xml/reader.ts';
import { readAddress, type Address } from './address.ts';
import { readBootOrder } from './boot.ts';

/** A device that bhyve does not have; it may hold a PCI address that no other device can then have. */
export interface OtherDevice {
  readonly at: Span;
  readonly name: string;
  readonly address: Address | null;
  readonly bootOrder: Located<number> | null;
}

/** Reads what matters of a device that bhyve does not have. */
export function readOtherDevice(element: ElementReader): OtherDevice {
  const device = {
    at: element.at,
    name: element.name,
    address: readAddress(element),
    bootOrder: readBootOrder(element),
  };
  element.takeAll();
  return device;
}
