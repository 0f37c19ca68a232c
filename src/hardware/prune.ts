/** Giving away the places of what is gone, and giving a guest another name. */
import type { GuestHardware, Hardware } from '../ir/hardware.ts';

/**
 * The lock without the devices that are gone.
 * @param isGuest whether there is still a guest of that name
 */
export function pruned(hardware: Hardware, isGuest: (name: string) => boolean): Hardware {
  return new Map(
    [...hardware].flatMap(([guest, devices]) => (isGuest(guest) ? [[guest, withoutGone(devices)] as const] : [])),
  );
}

function withoutGone(devices: GuestHardware): GuestHardware {
  return new Map([...devices].filter(([, { gone }]) => gone !== true));
}

/** The lock in which a guest has another name; null where it has no such guest, or has the other one already. */
export function renamed(hardware: Hardware, from: string, to: string): Hardware | null {
  const devices = hardware.get(from);
  if (devices === undefined || hardware.has(to)) return null;
  return new Map([...hardware].map(([guest, own]) => [guest === from ? to : guest, own]));
}

/** The lock that has forgotten devices of a guest, or the whole guest; null where it knows no such thing. */
export function freed(hardware: Hardware, guest: string, keys: readonly string[]): Hardware | null {
  const devices = hardware.get(guest);
  if (devices === undefined || keys.some((key) => !devices.has(key))) return null;
  const left = new Map([...devices].filter(([key]) => keys.length > 0 && !keys.includes(key)));
  const others = [...hardware].filter(([name]) => name !== guest);
  return new Map(left.size === 0 ? others : [...others, [guest, left]]);
}
