/** `<address>`: where a device sits on its bus (formatdomain, "Device Addresses"). */
import type { Span } from '../../diagnostics/source.ts';
import { readNumber, readWord } from '../values.ts';
import type { ElementReader } from '../xml/reader.ts';

/** A PCI address as written; absent parts are 0. */
export interface PciAddressElement {
  readonly type: 'pci';
  readonly domain: number;
  readonly bus: number;
  readonly slot: number;
  readonly function: number;
  readonly at: Span;
  /** Where each part is written; the element for one that is absent. */
  readonly places: Readonly<Record<'domain' | 'bus' | 'slot' | 'function', Span>>;
  readonly typeAt: Span;
}

/** The place of a disk on its controller; absent parts are 0. */
export interface DriveAddress {
  readonly type: 'drive';
  readonly controller: number;
  readonly bus: number;
  readonly target: number;
  readonly unit: number;
  readonly at: Span;
  readonly typeAt: Span;
  readonly places: Readonly<Record<'bus' | 'target' | 'unit', Span>>;
}

/** The place of a channel; port 0 asks for a free port of the controller. */
export interface VirtioSerialAddress {
  readonly type: 'virtio-serial';
  readonly controller: number;
  readonly port: number;
  readonly at: Span;
  readonly typeAt: Span;
  readonly portAt: Span;
}

/** An address of a kind that bhyve has no use for. */
export interface OtherAddress {
  readonly type: 'other';
  readonly kind: string;
  readonly at: Span;
  readonly typeAt: Span;
}

export type Address = PciAddressElement | DriveAddress | VirtioSerialAddress | OtherAddress;

const types = [
  'pci', 'drive', 'virtio-serial', 'ccid', 'usb', 'spapr-vio', 'virtio-s390', 'ccw', 'isa', 'virtio-mmio', 'dimm',
  'unassigned',
] as const; // prettier-ignore

/** Reads the `<address>` child of a device; null where there is none or where it is not understood. */
export function readAddress(device: ElementReader): Address | null {
  const address = device.child('address');
  if (address === null) return null;
  const { reporter, at } = address;
  const written = address.attribute('type');
  if (written === null) {
    reporter.report('BV0310', at, { element: 'address', part: 'type attribute' });
    return null;
  }
  const type = readWord(written, types, 'the type of an address', reporter);
  const part = (name: string): number =>
    readNumber(address.attribute(name), `${name} of an address`, reporter)?.value ?? 0;
  const placeOf = (name: string): Span => address.attribute(name)?.at ?? at;
  switch (type?.value) {
    case undefined:
      return null;
    case 'pci':
      return readPciAddress(address);
    case 'drive':
      return {
        type: 'drive',
        controller: part('controller'),
        bus: part('bus'),
        target: part('target'),
        unit: part('unit'),
        at,
        typeAt: written.at,
        places: { bus: placeOf('bus'), target: placeOf('target'), unit: placeOf('unit') },
      };
    case 'virtio-serial': {
      part('bus');
      const portAt = address.attribute('port')?.at ?? at;
      return {
        type: 'virtio-serial',
        controller: part('controller'),
        port: part('port'),
        at,
        typeAt: written.at,
        portAt,
      };
    }
    default:
      return { type: 'other', kind: written.value, at, typeAt: written.at };
  }
}

/** The functions of a device, and those of one with ARI, which is alone on slot 0 of its bus. */
const functions = { most: 7, ari: 0xff };

/** The address of a host device: virtual functions of SR-IOV have numbers above 7. */
export function readHostPciAddress(address: ElementReader): PciAddressElement {
  return readPciAddress(address, functions.ari);
}

/** Reads domain, bus, slot and function of a PCI address. */
export function readPciAddress(address: ElementReader, mostFunction = functions.most): PciAddressElement {
  const part = (name: string, max: number): number =>
    readNumber(address.attribute(name), `PCI ${name}`, address.reporter, { max, anyBase: true })?.value ?? 0;
  const placeOf = (name: string): Span => address.attribute(name)?.at ?? address.at;
  address.attribute('multifunction');
  return {
    type: 'pci',
    domain: part('domain', 0xffff_ffff),
    bus: part('bus', 0xff),
    slot: part('slot', 0x1f),
    function: part('function', mostFunction),
    at: address.at,
    places: {
      domain: placeOf('domain'),
      bus: placeOf('bus'),
      slot: placeOf('slot'),
      function: placeOf('function'),
    },
    typeAt: placeOf('type'),
  };
}
