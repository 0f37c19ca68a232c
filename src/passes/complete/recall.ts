/**
 * Which entry of the lock belongs to which device. Needs: a domain as read, and what the lock remembers of the guest. Gives:
 * a key for each device that does not follow from its place in the document, and what it was given under that key before.
 *
 * A device is known by its alias (`ua-...`), else by what the user calls it: the target of a disk, the MAC address of an
 * interface, the name of a channel. Where the XML has no such name it is known by its part, such as the bridge of an
 * interface; devices that do not even differ in that are counted.
 */
import type { Aliased, Domain } from '../../frontend/domain.ts';
import type { CharacterSource } from '../../frontend/elements/character.ts';
import type { Interface } from '../../frontend/elements/interface.ts';
import { invariant } from '../../diagnostics/invariant.ts';
import { guestKey, type GuestHardware, type Held } from '../../ir/hardware.ts';

/** A device in the lock. */
export interface Remembered {
  readonly key: string;
  /** What it was given before; empty for one that is new. */
  readonly held: Held;
}

/** What the lock remembers of one guest, by the devices of its XML. */
export interface Recall {
  /** A device of the XML: the element as it was read. */
  of(device: object): Remembered;
  /** One that has no element of its own, or a name in any case: a controller. */
  named(key: string): Remembered;
  /** The entries that are of no device of the XML: those of devices that are gone, and those of controllers. */
  readonly others: GuestHardware;
  /** What is known under the keys that the devices have now. */
  readonly entries: GuestHardware;
  /** The keys of the devices of the XML. */
  readonly present: ReadonlySet<string>;
}

/** A device and the names that it may have in the lock, the best first. */
interface Candidate {
  readonly device: object;
  readonly names: readonly string[];
  /** Its MAC address where the XML has one: an entry with it is this device, whatever its key. */
  readonly mac: string | null;
  /** Where nothing else fits it is the device of this kind that is missing now: it was changed, not replaced. */
  readonly changes: string | null;
}

const nothing: Held = {};

/** Finds the entries of the devices of a domain. */
export function recallDevices(domain: Domain, known: GuestHardware): Recall {
  const candidates = candidatesOf(domain);
  const free = new Map([...known].filter(([key]) => key !== guestKey));
  const found = new Map<object, Held>();
  const settle = ({ device }: Candidate, key: string): void => {
    found.set(device, free.get(key) ?? nothing);
    free.delete(key);
  };
  const longest = Math.max(0, ...candidates.map(({ names }) => names.length));
  for (const one of candidates) {
    const same = one.mac === null ? undefined : [...free].find(([, { mac }]) => mac?.toLowerCase() === one.mac);
    if (same !== undefined) settle(one, same[0]);
  }
  for (let rank = 0; rank < longest; rank++) {
    for (const one of candidates) {
      const name = one.names[rank];
      const key = found.has(one.device) || name === undefined ? undefined : keysOf(name, free)[0];
      if (key !== undefined) settle(one, key);
    }
  }
  for (const one of candidates) {
    const { device, changes } = one;
    if (found.has(device) || changes === null) continue;
    const key = [...free].find(([name, { gone, mac }]) => gone !== true && isChanged(name, changes, mac))?.[0];
    if (key !== undefined) settle(one, key);
  }
  const keys = namesOf(candidates);
  const named = (key: string): Remembered => ({ key, held: free.get(key) ?? nothing });
  return {
    of(device) {
      const key = keys.get(device);
      invariant(key !== undefined, 'every device of the document has a key');
      return { key, held: found.get(device) ?? nothing };
    },
    named,
    others: free,
    entries: entriesOf(keys, found, free, known),
    present: new Set(keys.values()),
  };
}

/** What is known, by the keys of now. Where one has changed, an entry of a device that is gone gives way. */
function entriesOf(
  keys: ReadonlyMap<object, string>,
  found: ReadonlyMap<object, Held>,
  others: GuestHardware,
  known: GuestHardware,
): GuestHardware {
  const entries = new Map([...keys].map(([device, key]) => [key, found.get(device) ?? nothing]));
  for (const [key, held] of others) {
    let free = key;
    for (let number = 2; entries.has(free); number += 1) free = `${key} ${String(number)}`;
    entries.set(free, held);
  }
  return entries.set(guestKey, known.get(guestKey) ?? nothing);
}

/** The keys under which devices of that name may stand, in the order of their numbers. */
function keysOf(name: string, entries: ReadonlyMap<string, Held>): readonly string[] {
  const number = (key: string): number => (key === name ? 1 : Number(key.slice(name.length + 1)));
  return [...entries.keys()]
    .filter((key) => key === name || (key.startsWith(`${name} `) && /^\d+$/.test(key.slice(name.length + 1))))
    .toSorted((one, other) => number(one) - number(other));
}

/** Whether the entry is that of such a device without a name of its own: one that has a MAC address as its name is another. */
function isChanged(key: string, kind: string, mac: string | undefined): boolean {
  return key.startsWith(`${kind} `) && key !== `${kind} ${mac?.toLowerCase() ?? ''}`;
}

/** The key of each device: the best of its names, with a number where several have it. */
function namesOf(candidates: readonly Candidate[]): ReadonlyMap<object, string> {
  const counts = new Map<string, number>();
  return new Map(
    candidates.map(({ device, names: [name = guestKey] }) => {
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      return [device, count === 1 ? name : `${name} ${String(count)}`] as const;
    }),
  );
}

function candidatesOf({ devices }: Domain): readonly Candidate[] {
  const each = <T extends object>(
    list: readonly Aliased<T>[],
    name: (device: T) => string,
    changes?: string,
  ): Candidate[] =>
    list.map((device) => ({
      device,
      names: [...aliasOf(device), name(device)],
      mac: null,
      changes: changes ?? null,
    }));
  return [
    ...each(devices.disks, ({ target }) => `disk ${target.value}`),
    ...devices.interfaces.map(interfaceCandidate),
    ...each(
      devices.serials,
      ({ port, source }) => `serial ${port === null ? wordOf(source) : String(port.value)}`,
      'serial',
    ),
    ...(devices.serials.length === 0 ? each(devices.consoles.slice(0, 1), () => 'serial 0') : []),
    ...each(devices.channels, ({ name }) => `channel ${name?.value ?? ''}`),
    ...each(devices.videos, () => 'video'),
    ...each(devices.graphics, ({ type }) => `graphics ${type.value}`),
    ...each(devices.sounds, ({ model }) => `sound ${model.value}`, 'sound'),
    ...each(devices.filesystems, ({ target }) => `filesystem ${target.value}`),
    ...each(devices.rngs, () => 'rng'),
    ...each(devices.hostdevs, ({ source }) => `hostdev ${source === null ? '' : placeOf(source)}`),
  ];
}

function interfaceCandidate(device: Aliased<Interface>): Candidate {
  const { type, mac, targetDev, bridge, network } = device;
  const written = mac === null ? [] : [`interface ${mac.value.toLowerCase()}`];
  const target = targetDev === null ? [] : [`interface ${targetDev.value}`];
  const part = `interface ${bridge?.value ?? network?.value ?? type.value}`;
  return {
    device,
    names: [...aliasOf(device), ...written, ...target, part],
    mac: mac?.value.toLowerCase() ?? null,
    changes: mac === null ? 'interface' : null,
  };
}

/** A serial port without a number, by what it is connected to. */
function wordOf({ type, master, service }: CharacterSource): string {
  return master?.value ?? (service === null ? type.value : `${type.value} ${service.value}`);
}

function placeOf(source: { readonly bus: number; readonly slot: number; readonly function: number }): string {
  return [source.bus, source.slot, source.function].join(':');
}

function aliasOf({ alias }: Aliased<object>): readonly string[] {
  return alias === null ? [] : [alias.value];
}
