/** `-s SLOT,DEVICE,CONF` as keys: bhyve(8), option `-s`; bhyve_config(5), "PCI" and the sections of the devices. */
import type { Capability } from '../../host/capabilities.ts';
import { pciKey, type PciAddress } from '../units.ts';
import type { ConfigEntry } from '../settings.ts';
import { wrong, type Reading, type Spelling } from './reading.ts';

/** How the configuration of a device is read. */
interface SlotDevice {
  /** What the host must be able to do; null where each bhyve has it. */
  readonly capability: Capability | null;
  /** The keys below the device's node; null where no key says the same in all releases. */
  keys(pieces: readonly string[], spelling: Spelling): readonly ConfigEntry[] | string | null;
}

/** The devices that bhyve knows by a name of `-s`. */
const slotDevices: ReadonlyMap<string, SlotDevice> = new Map<string, SlotDevice>([
  ['hostbridge', device(null, named)],
  // Its vendor has other keys in each release: only the word says it everywhere.
  ['amd_hostbridge', device(null, () => null)],
  ['lpc', device(null, named)],
  ['virtio-net', device(null, (pieces) => first('backend', pieces))],
  ['e1000', device('e1000', (pieces) => first('backend', pieces))],
  ['virtio-blk', device(null, (pieces) => first('path', pieces))],
  ['ahci', device('ahci-ports', ahciPorts)],
  ['ahci-hd', device(null, (pieces) => ahciPort(0, 'hd', pieces))],
  ['ahci-cd', device(null, (pieces) => ahciPort(0, 'cd', pieces))],
  [
    'nvme',
    device('nvme', (pieces) => (pieces[0]?.startsWith('ram=') === true ? named(pieces) : first('path', pieces))),
  ],
  ['virtio-scsi', device('virtio-scsi', scsi)],
  ['virtio-9p', device('virtio-9p', share)],
  ['virtio-rnd', device('virtio-rnd', named)],
  ['virtio-console', device('virtio-console', consolePorts)],
  ['virtio-input', device('virtio-input', (pieces) => first('path', pieces))],
  ['hda', device('hda', named)],
  ['uart', device(null, (pieces) => (pieces.length === 0 ? [] : [{ key: 'path', value: pieces.join(',') }]))],
  ['xhci', device('xhci', usbSlots)],
  ['fbuf', device('fbuf', (pieces) => renamed(named(pieces), 'tcp', 'rfb'))],
  ['passthru', device('passthru', passthru)],
]);

/** Targets are keys of their own on the development branch; what a bare path is, depends on the release. */
function scsi(pieces: readonly string[], { scsiTargets }: Spelling): readonly ConfigEntry[] | string | null {
  if (!pieces.some((piece) => /^(?:target|dev)=/.test(piece))) {
    return isNamed(pieces[0]) ? named(pieces) : first(scsiTargets ? 'target.0' : 'dev', pieces);
  }
  return null;
}

/** The names that `-s` takes, for a hint. */
export const slotDeviceNames: readonly string[] = [...slotDevices.keys()];

/** Devices that a guest can have once only, by the names that `-s` takes. */
export const singleDevices: ReadonlySet<string> = new Set(['lpc', 'fbuf']);

/** Devices of x86 machines, by the names that `-s` takes. */
const x86Devices: ReadonlySet<string> = new Set(['lpc', 'fbuf', 'passthru']);

/** Reads the argument of `-s`. */
export function readSlot(text: string, spelling: Spelling): Reading {
  const [where = '', name = '', ...pieces] = text.split(',');
  const match = /^\s*(\d+)(?::(\d+))?(?::(\d+))?(.*)$/s.exec(where);
  if (match === null) return wrong(`it has to begin with the number of a slot, as in 5:0,DEVICE`);
  const [, a = '', b, c, rest = ''] = match;
  if (rest !== '')
    return wrong(`bhyve reads no more than ${where.slice(0, where.length - rest.length)} of the slot ${where}`);
  const [bus, slot, fn] = c === undefined ? [0, Number(a), Number(b ?? 0)] : [Number(a), Number(b), Number(c)];
  if (bus > 255 || slot > 31 || fn > 7) return wrong(`there are buses to 255, slots to 31 and functions to 7`);
  const address: PciAddress = { bus, slot, function: fn };
  if (name === '') return wrong('no device follows the slot');
  const known = slotDevices.get(name);
  const seat = { address, device: name };
  if (known === undefined) return { kind: 'read', entries: null, seat, capability: null, known: false };
  if (spelling.arch === 'arm64' && x86Devices.has(name)) return wrong(`bhyve of arm64 has no ${name}`);
  const keys = known.keys(pieces, spelling);
  if (typeof keys === 'string') return wrong(keys);
  const emulation = name.startsWith('ahci') ? 'ahci' : name;
  const entries =
    keys === null
      ? null
      : [{ key: 'device', value: emulation }, ...keys].map((entry) => ({
          ...entry,
          key: `${pciKey(address)}.${entry.key}`,
        }));
  return { kind: 'read', entries, seat, capability: known.capability, known: true };
}

function device(capability: Capability | null, keys: SlotDevice['keys']): SlotDevice {
  return { capability, keys };
}

function isNamed(piece: string | undefined): boolean {
  return piece?.includes('=') ?? false;
}

/** `name=value`, or a bare name that stands for `name=true`; what a password says is a secret. */
function named(pieces: readonly string[]): readonly ConfigEntry[] {
  return pieces.filter((piece) => piece !== '').map(entryOf);
}

/** One piece as a key. An empty value is none. */
function entryOf(piece: string): ConfigEntry {
  const equals = piece.indexOf('=');
  if (equals < 0) return { key: piece, value: 'true' };
  const key = piece.slice(0, equals);
  const value = piece.slice(equals + 1);
  return key === 'password' ? { key, value, secret: true } : { key, value };
}

/** The first piece has no name on the command line. */
function first(key: string, [piece, ...rest]: readonly string[]): readonly ConfigEntry[] {
  return piece === undefined || piece === '' ? named(rest) : [{ key, value: piece }, ...named(rest)];
}

function renamed(entries: readonly ConfigEntry[], from: string, to: string): readonly ConfigEntry[] {
  return entries.map((entry) => (entry.key === from ? { ...entry, key: to } : entry));
}

/** `hd:PATH,OPTION,cd:PATH,...`: a piece that begins with a type begins a port. */
function ahciPorts(pieces: readonly string[]): readonly ConfigEntry[] | string {
  const ports: string[][] = [];
  for (const piece of pieces) {
    const port = /^(hd|cd):(.*)$/s.exec(piece);
    if (port !== null) ports.push([port[1] ?? '', port[2] ?? '']);
    else if (ports.length === 0) return `a port of ahci begins with hd: or cd:, not with ${piece}`;
    else ports.at(-1)?.push(piece);
  }
  return ports.flatMap(([type = '', ...rest], number) => ahciPort(number, type, rest));
}

function ahciPort(number: number, type: string, pieces: readonly string[]): readonly ConfigEntry[] {
  const node = `port.${String(number)}`;
  return [{ key: 'type', value: type }, ...first('path', pieces)].map((entry) => ({
    ...entry,
    key: `${node}.${entry.key}`,
  }));
}

/** `TAG=/PATH`, virtio-9p. */
function share([piece = '', ...rest]: readonly string[]): readonly ConfigEntry[] | string {
  const equals = piece.indexOf('=');
  if (equals <= 0 || piece.length === equals + 1) return 'virtio-9p begins with TAG=/PATH';
  return [
    { key: 'sharename', value: piece.slice(0, equals) },
    { key: 'path', value: piece.slice(equals + 1) },
    ...named(rest),
  ];
}

/** `NAME=SOCKET` for each port, virtio-console. */
function consolePorts(pieces: readonly string[]): readonly ConfigEntry[] | string {
  const missing = pieces.find((piece) => !/^[^=]+=./s.test(piece));
  if (missing !== undefined) return `a port of virtio-console is NAME=SOCKET, not ${missing}`;
  return pieces.flatMap((piece, number) => {
    const equals = piece.indexOf('=');
    const node = `port.${String(number)}`;
    return [
      { key: `${node}.name`, value: piece.slice(0, equals) },
      { key: `${node}.path`, value: piece.slice(equals + 1) },
    ];
  });
}

/** The devices on an xhci; slots count from 1. */
function usbSlots(pieces: readonly string[]): readonly ConfigEntry[] | string {
  if (pieces.length === 0) return 'an xhci without a device ends some releases of bhyve at start: write xhci,tablet';
  const other = pieces.find((piece) => piece !== 'tablet');
  if (other !== undefined) return `an xhci can have a tablet, not ${other}`;
  return pieces.map((name, place) => ({ key: `slot.${String(place + 1)}.device`, value: name }));
}

/** `B/S/F`, `pptN` or `pciB:S:F`. */
function passthru([piece = '', ...rest]: readonly string[]): readonly ConfigEntry[] | string {
  const numbers = /^(\d+)\/(\d+)\/(\d+)$/.exec(piece) ?? /^pci(?:0:)?(\d+):(\d+):(\d+)$/.exec(piece);
  if (numbers !== null) {
    const [, bus = '', slot = '', func = ''] = numbers;
    const host = Object.entries({ bus, slot, func }).map(([key, value]) => ({ key, value }));
    return [...host, ...named(rest)];
  }
  if (/^ppt\d+$/.test(piece)) return [{ key: 'pptdev', value: piece }, ...named(rest)];
  return 'a host device is BUS/SLOT/FUNCTION in decimal, or pptN';
}
