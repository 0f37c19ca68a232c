/**
 * The devices that a guest can tell from each other: each with what it is known by in any place, the place, and the rest that
 * bhyve is told of it. A disk on an ahci device has a place of its own: a port.
 */
import type { ConfigEntry } from '../ir/settings.ts';

/** One device. */
export interface Unit {
  readonly kind: 'disk' | 'interface' | 'device';
  /** What it is known by: the file of a disk, the MAC address of an interface, the name of any other. */
  readonly id: string;
  /** bhyve's word: `virtio-blk`, `cd`. */
  readonly type: string;
  /** `0:3:0`, or `0:3:0 port 1`. */
  readonly place: string;
  /** All else, by key. */
  readonly details: ReadonlyMap<string, string>;
}

const disks: readonly string[] = ['virtio-blk', 'nvme', 'virtio-scsi'];
const interfaces: readonly string[] = ['virtio-net', 'e1000'];
/** By which key a device of the others is known; without one by its name, of which there may be several. */
const names: Readonly<Record<string, string>> = { 'virtio-9p': 'sharename', passthru: 'pptdev' };

/** Reads them off the keys. */
export function unitsOf(entries: readonly ConfigEntry[]): readonly Unit[] {
  const nodes = new Map<string, Map<string, string>>();
  for (const { key, value } of entries) {
    const [, place, rest] = /^pci\.(\d+\.\d+\.\d+)\.(.*)$/.exec(key) ?? [];
    if (place === undefined || rest === undefined) continue;
    nodes.set(place, (nodes.get(place) ?? new Map<string, string>()).set(rest, value));
  }
  return [...nodes].flatMap(([place, values]) => unitsAt(place.replaceAll('.', ':'), values));
}

function unitsAt(place: string, values: ReadonlyMap<string, string>): readonly Unit[] {
  const type = values.get('device') ?? '';
  const details = without(values, ['device']);
  if (type === 'ahci') return [device('ahci', place, new Map()), ...portsOf(place, details)];
  const targets = [...details].filter(([key]) => /^target\.\d+$/.test(key));
  if (targets.length > 0) {
    const others = without(
      details,
      targets.map(([key]) => key),
    );
    return targets.map(([key, id]) => ({
      kind: 'disk',
      id,
      type,
      place: `${place} ${key.replace('.', ' ')}`,
      details: others,
    }));
  }
  if (disks.includes(type)) {
    const path = values.get('path') ?? values.get('dev') ?? values.get('ram') ?? '';
    return [{ kind: 'disk', id: path, type, place, details: without(details, ['path', 'dev']) }];
  }
  if (interfaces.includes(type)) {
    return [{ kind: 'interface', id: values.get('mac') ?? '', type, place, details: without(details, ['mac']) }];
  }
  return [device(type, place, details)];
}

function device(type: string, place: string, details: ReadonlyMap<string, string>): Unit {
  const name = details.get(Object.hasOwn(names, type) ? (names[type] ?? '') : '');
  return { kind: 'device', id: name === undefined ? type : `${type} ${name}`, type, place, details };
}

function portsOf(place: string, details: ReadonlyMap<string, string>): readonly Unit[] {
  const ports = new Map<string, Map<string, string>>();
  for (const [key, value] of details) {
    const [, port, rest] = /^port\.(\d+)\.(.*)$/.exec(key) ?? [];
    if (port === undefined || rest === undefined) continue;
    ports.set(port, (ports.get(port) ?? new Map<string, string>()).set(rest, value));
  }
  return [...ports].map(([port, values]) => ({
    kind: 'disk',
    id: values.get('path') ?? '',
    type: values.get('type') ?? '',
    place: `${place} port ${port}`,
    details: without(values, ['path', 'type']),
  }));
}

function without(values: ReadonlyMap<string, string>, left: readonly string[]): ReadonlyMap<string, string> {
  return new Map([...values].filter(([key]) => !left.includes(key)));
}
