/** A number of places: who finds none waits for one, in the order of coming. */

/** Places that are shared. */
export interface Slots {
  /** Calls `act` once there is a place for `key`; until then it can be withdrawn. */
  take(key: string, act: () => void): void;
  /** Gives the place back. */
  give(key: string): void;
  /** Takes back a wish that was not fulfilled yet; false where there is none. */
  withdraw(key: string): boolean;
}

/** Makes so many places. */
export function createSlots(count: number): Slots {
  const held = new Set<string>();
  const waiting = new Map<string, () => void>();

  function next(): void {
    for (const [key, act] of waiting) {
      if (held.size >= count) return;
      waiting.delete(key);
      held.add(key);
      act();
    }
  }

  return {
    take(key, act) {
      waiting.set(key, act);
      next();
    },
    give(key) {
      if (held.delete(key)) next();
    },
    withdraw: (key) => waiting.delete(key),
  };
}
