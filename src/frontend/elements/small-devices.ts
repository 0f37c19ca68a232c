/** `<hostdev>`, `<input>`, `<filesystem>`, `<rng>`, `<tpm>` and devices that bhyve lacks (formatdomain, "Devices"). */
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

/** An input device. */
export interface Input {
  readonly at: Span;
  readonly type: Located<'mouse' | 'tablet' | 'keyboard' | 'passthrough' | 'evdev'>;
  readonly bus: Located<string> | null;
  readonly address: Address | null;
}

/** Reads an input device. */
export function readInput(element: ElementReader): Input | null {
  const { at, reporter } = element;
  const types = ['mouse', 'tablet', 'keyboard', 'passthrough', 'evdev'] as const;
  const buses = ['ps2', 'usb', 'xen', 'virtio', 'parallels', 'none'] as const;
  const written = element.attribute('type');
  if (written === null) reporter.report('BV0310', at, { element: 'input', part: 'type attribute' });
  const type = readWord(written, types, 'the type of an input device', reporter);
  const bus = readWord(element.attribute('bus'), buses, 'the bus of an input device', reporter);
  const address = readAddress(element);
  return type === null ? null : { at, type, bus, address };
}

/** A directory of the host that the guest can mount. */
export interface Filesystem {
  readonly at: Span;
  readonly type: Located<string>;
  readonly accessmode: Located<string>;
  readonly driver: Located<string> | null;
  readonly source: Located<string>;
  readonly target: Located<string>;
  readonly readonly: Span | null;
  readonly address: Address | null;
}

/** Reads a file system. */
export function readFilesystem(element: ElementReader): Filesystem | null {
  const { at, reporter } = element;
  const types = ['mount', 'block', 'file', 'template', 'ram', 'bind', 'volume'] as const;
  const modes = ['passthrough', 'mapped', 'squash'] as const;
  const drivers = ['path', 'handle', 'loop', 'nbd', 'ploop', 'virtiofs', 'mtp'] as const;
  const type = readWord(element.attribute('type'), types, 'the type of a filesystem', reporter);
  const accessmode = readWord(element.attribute('accessmode'), modes, 'accessmode', reporter);
  const driver = element.child('driver');
  const source = element.child('source');
  const target = element.child('target')?.attribute('dir') ?? null;
  const names = ['dir', 'name', 'dev', 'file', 'usage', 'volume'];
  const place = names.reduce<Located<string> | null>((found, name) => found ?? source?.attribute(name) ?? null, null);
  const rest = { readonly: element.child('readonly')?.at ?? null, address: readAddress(element) };
  if (place === null || target === null) {
    reporter.report('BV0310', at, { element: 'filesystem', part: place === null ? 'source dir' : 'target dir' });
    return null;
  }
  return {
    at,
    type: type ?? { value: 'mount', at },
    accessmode: accessmode ?? { value: 'passthrough', at },
    driver:
      driver === null ? null : readWord(driver.attribute('type'), drivers, 'the driver of a filesystem', reporter),
    source: place,
    target,
    ...rest,
  };
}

/** A source of random numbers. */
export interface Rng {
  readonly at: Span;
  readonly model: Located<string>;
  readonly backend: Located<'random' | 'egd' | 'builtin'>;
  /** The device that a `random` backend names. */
  readonly device: Located<string> | null;
  readonly address: Address | null;
}

/** Reads a source of random numbers. */
export function readRng(element: ElementReader): Rng | null {
  const { at, reporter } = element;
  const models = ['virtio', 'virtio-transitional', 'virtio-non-transitional'] as const;
  const written = element.attribute('model');
  if (written === null) reporter.report('BV0310', at, { element: 'rng', part: 'model attribute' });
  const model = readWord(written, models, 'the model of an rng', reporter);
  const backend = element.child('backend');
  const source = backend?.attribute('model') ?? null;
  if (source === null) reporter.report('BV0310', backend?.at ?? at, { element: 'rng', part: 'backend model' });
  const kind = readWord(source, ['random', 'egd', 'builtin'] as const, 'the backend of an rng', reporter);
  const address = readAddress(element);
  if (model === null || kind === null) return null;
  if (kind.value === 'egd') backend?.takeAll();
  return { at, model, backend: kind, device: backend?.filledText() ?? null, address };
}

/** A trusted platform module. */
export interface Tpm {
  readonly at: Span;
  readonly backend: Located<'passthrough' | 'emulator' | 'external'>;
  /** The host's TPM device, the socket of an external swtpm, or where an emulator keeps its state. */
  readonly path: Located<string> | null;
  readonly version: Located<string> | null;
  /** How the socket is reached, or the kind of place of the state. */
  readonly sourceParts: readonly Located<string>[];
  /** The UUID of the secret that encrypts the state of an emulator. */
  readonly secret: Located<string> | null;
  readonly address: Address | null;
}

/** Reads a TPM. */
export function readTpm(element: ElementReader): Tpm | null {
  element.attribute('model');
  const backend = element.child('backend');
  const address = readAddress(element);
  const types = ['passthrough', 'emulator', 'external'] as const;
  const type = readWord(backend?.attribute('type') ?? null, types, 'the backend of a TPM', element.reporter);
  if (backend === null || type === null) return null;
  const source = type.value === 'passthrough' ? null : backend.child('source');
  const sourceParts = ['type', 'mode'].flatMap((name) => source?.attribute(name) ?? []);
  const path = source?.attribute('path') ?? backend.child('device')?.attribute('path') ?? null;
  const secret = backend.child('encryption')?.attribute('secret') ?? null;
  const version = backend.attribute('version');
  return { at: element.at, backend: type, path, version, sourceParts, secret, address };
}

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
