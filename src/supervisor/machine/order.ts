/** Who starts before whom, and who is stopped before whom. */
import { isActive, type Guest, type State } from './state.ts';

/** Guests without an order of their own come last. */
const last = Number.MAX_SAFE_INTEGER;

/**
 * The order of a guest among those that start by themselves: not before the guests that it depends on. A circle of
 * dependencies counts as none.
 */
export function orderOf(state: State, guest: Guest, seen: ReadonlySet<string> = new Set()): number {
  const own = guest.autostart?.order ?? last;
  if (seen.has(guest.name)) return own;
  const deeper = new Set([...seen, guest.name]);
  const before = guest.definition.facts.startAfter.map((name) => {
    const other = Object.hasOwn(state.guests, name) ? state.guests[name] : undefined;
    return other?.autostart === undefined || other.autostart === null ? own : orderOf(state, other, deeper);
  });
  return Math.max(own, ...before);
}

/** Whether a guest waits for another one: directly, and the other is not waiting for it in turn. */
function dependsOn(guest: Guest, other: Guest): boolean {
  return (
    guest.definition.facts.startAfter.includes(other.name) && !other.definition.facts.startAfter.includes(guest.name)
  );
}

/**
 * Whether others wait for the start of a guest. The devices of its bhyve may wait for somebody, such as the first client of
 * a VNC server: others have the same patience as those who ask for a start.
 */
export function isAwaited({ at }: State, { activity }: Guest): boolean {
  return activity.kind === 'starting' && at < (activity.turn.patience ?? Infinity);
}

/** Whether all that a guest depends on runs, or is not going to. */
export function mayStart(state: State, guest: Guest, pending: readonly string[]): boolean {
  return guest.definition.facts.startAfter.every((name) => {
    const other = Object.hasOwn(state.guests, name) ? state.guests[name] : undefined;
    if (other === undefined || !dependsOn(guest, other)) return true;
    if (other.activity.kind === 'running') return true;
    return !pending.includes(name) && !isAwaited(state, other) && other.activity.kind !== 'waiting';
  });
}

/** The guests that may be stopped now: nobody depends on them, and none of a later order is up. */
export function stoppable(state: State): readonly Guest[] {
  const active = Object.values(state.guests).filter(isActive);
  const latest = Math.max(...active.map((guest) => orderOf(state, guest)));
  const candidates = active.filter((guest) => orderOf(state, guest) === latest);
  const free = candidates.filter((guest) => !candidates.some((other) => other !== guest && dependsOn(other, guest)));
  // A circle of dependencies: nobody is free, so nobody is spared.
  return free.length > 0 ? free : candidates;
}
