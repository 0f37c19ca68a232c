/** Which guest of the lock a domain is. */
import type { Domain } from '../frontend/domain.ts';
import { guestKey, type Hardware } from '../ir/hardware.ts';

/** The guest of the lock that the domain is: the one of its name, or one of another name with its UUID. */
export function recalledGuest(
  { name, uuid }: Pick<Domain, 'name' | 'uuid'>,
  lock: Hardware = new Map(),
): string | null {
  if (lock.has(name.value)) return name.value;
  if (uuid === null) return null;
  return guestsByUuid(lock).get(uuid.value) ?? null;
}

/** All guests of a host ask the same lock. */
const known = new WeakMap<Hardware, ReadonlyMap<string, string>>();

/** The first guest of each UUID. */
function guestsByUuid(lock: Hardware): ReadonlyMap<string, string> {
  const found = known.get(lock);
  if (found !== undefined) return found;
  const guests = new Map<string, string>();
  for (const [guest, hardware] of lock) {
    const uuid = hardware.get(guestKey)?.uuid;
    if (uuid !== undefined && !guests.has(uuid)) guests.set(uuid, guest);
  }
  known.set(lock, guests);
  return guests;
}
