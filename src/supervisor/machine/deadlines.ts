/** When the machine has to be asked again though nothing happens. */
import { mayStart, orderOf } from './order.ts';
import type { Activity, Guest, State } from './state.ts';

/** When nobody waits any longer for a guest that is starting. */
function patienceOf(activity: Activity): readonly number[] {
  const patience = activity.kind === 'starting' ? activity.turn.patience : null;
  return typeof patience === 'number' ? [patience] : [];
}

function guestDeadlines({ activity, reboot, waiters }: Guest): readonly number[] {
  const times: number[] = [];
  if (activity.kind === 'waiting' || activity.kind === 'stopping') times.push(activity.until);
  if (waiters.some(({ until }) => until !== 'off')) times.push(...patienceOf(activity));
  if (reboot !== null && activity.kind === 'running') times.push(reboot.until + 1);
  return times;
}

function autostartDeadlines(state: State): readonly number[] {
  const { autostarting, guests } = state;
  if (autostarting === null) return [];
  const { order, pending, since } = autostarting;
  const awaited = Object.values(guests).flatMap(({ activity }) => patienceOf(activity));
  const ahead = awaited.filter((patience) => patience > state.at);
  if (order === null) return ahead;
  const ready = pending
    .map((name) => (Object.hasOwn(guests, name) ? guests[name] : undefined))
    .filter((guest): guest is Guest => guest !== undefined && guest.autostart !== null)
    .filter((guest) => orderOf(state, guest) === order && mayStart(state, guest, pending))
    .map((guest) => since + (guest.autostart?.delay ?? 0));
  return [...ahead, ...ready];
}

/** The time of the next deadline, in milliseconds since 1970; null where nothing is due by itself. */
export function dueAt(state: State): number | null {
  const times = [...Object.values(state.guests).flatMap(guestDeadlines), ...autostartDeadlines(state)];
  if (state.closing !== null && !state.closing.forced) times.push(state.closing.until);
  return times.length === 0 ? null : Math.min(...times);
}
