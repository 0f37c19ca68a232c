/** When the machine has to be asked again though nothing happens. */
import { mayStart, orderOf } from './order.ts';
import type { Guest, State } from './state.ts';

function guestDeadlines({ activity, reboot }: Guest): readonly number[] {
  const times: number[] = [];
  if (activity.kind === 'waiting' || activity.kind === 'stopping') times.push(activity.until);
  if (reboot !== null && activity.kind === 'running') times.push(reboot.until + 1);
  return times;
}

function autostartDeadlines(state: State): readonly number[] {
  const { autostarting, guests } = state;
  if (autostarting === null || autostarting.order === null) return [];
  const { order, pending, since } = autostarting;
  return pending
    .map((name) => (Object.hasOwn(guests, name) ? guests[name] : undefined))
    .filter((guest): guest is Guest => guest !== undefined && guest.autostart !== null)
    .filter((guest) => orderOf(state, guest) === order && mayStart(state, guest, pending))
    .map((guest) => since + (guest.autostart?.delay ?? 0));
}

/** The time of the next deadline, in milliseconds since 1970; null where nothing is due by itself. */
export function dueAt(state: State): number | null {
  const times = [...Object.values(state.guests).flatMap(guestDeadlines), ...autostartDeadlines(state)];
  if (state.closing !== null && !state.closing.forced) times.push(state.closing.until);
  return times.length === 0 ? null : Math.min(...times);
}
