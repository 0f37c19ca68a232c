/** Which guest of the lock a domain is. */
import type { Domain } from '../frontend/domain.ts';
import { guestKey, type Hardware } from '../ir/hardware.ts';

/** The guest of the lock that the domain is: the one of its name, or one of another name with its UUID. */
export function recalledGuest({ name, uuid }: Domain, lock: Hardware = new Map()): string | null {
  if (lock.has(name.value)) return name.value;
  if (uuid === null) return null;
  const same = [...lock].find(([, hardware]) => hardware.get(guestKey)?.uuid === uuid.value);
  return same?.[0] ?? null;
}
