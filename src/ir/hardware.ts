/**
 * The hardware that guests were given, as `bhyvec.lock` remembers it: the values that an allocator, a default or the XML
 * chose, by guest and device. A device is known by a key that does not change when others come, go or change places.
 */
import type { GrantOf, ResourceKind } from './needs.ts';
import type { NmdmPair } from './units.ts';

/** A place on a controller: a drive on an ahci device, a port of a virtio-console device. */
export interface Seat {
  readonly controller: number;
  /** From 0. */
  readonly unit: number;
}

/** The resources of one device. */
type HeldGrants = { readonly [K in ResourceKind]?: GrantOf[K] };

/** What one device was given; all of it is absent for a device that has never been placed. */
export interface Held extends HeldGrants {
  /** Of the guest itself. */
  readonly uuid?: string;
  readonly drive?: Seat;
  readonly port?: Seat;
  /** The device is not in the XML any more: its places stay free for it until they are given away on purpose. */
  readonly gone?: true;
}

/** What the devices of one guest were given, by device key; the guest's own values stand under {@link guestKey}. */
export type GuestHardware = ReadonlyMap<string, Held>;

/** What all guests of a host were given, by name. */
export type Hardware = ReadonlyMap<string, GuestHardware>;

/** The key of the guest itself. */
export const guestKey = '';

/** The kinds of resources that guests of one host cannot share. */
export type HostWideKind = 'tap' | 'nmdm' | 'vnc-port' | 'mac';

/** Something that no other guest of the host can have, as a text that can be compared. */
export type HostClaim = readonly [HostWideKind, string];

/** What of it no other guest of the host can have. */
export function claimsOf(held: Held): readonly HostClaim[] {
  const { tap, nmdm, mac, 'vnc-port': port } = held;
  return [
    ...(tap === undefined ? [] : [['tap', tap.name] as const]),
    ...(nmdm === undefined ? [] : [['nmdm', nmdm.guest.slice(0, -1)] as const]),
    ...(port === undefined ? [] : [['vnc-port', String(port)] as const]),
    ...(mac === undefined ? [] : [['mac', mac.toLowerCase()] as const]),
  ];
}

/** The pair whose one end bhyve opens; nmdm(4): the ends are called A and B. */
export function pairOf(guest: string): NmdmPair {
  const other = guest.endsWith('A') ? 'B' : 'A';
  return { guest, user: /[AB]$/.test(guest) ? `${guest.slice(0, -1)}${other}` : guest };
}

/** A guest that is compiled now, and the guest of the lock that it is; null for none. */
interface Recalled {
  readonly recalled: string | null;
  readonly guest: string | null;
}

/** The lock by the names that guests have now. */
export function renamedHardware(lock: Hardware, guests: readonly Recalled[]): Map<string, GuestHardware> {
  const hardware = new Map(lock);
  for (const { recalled } of guests) if (recalled !== null) hardware.delete(recalled);
  for (const { recalled, guest } of guests) {
    const known = recalled === null ? undefined : lock.get(recalled);
    if (known !== undefined && guest !== null) hardware.set(guest, known);
  }
  return hardware;
}
