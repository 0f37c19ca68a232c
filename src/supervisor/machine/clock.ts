/** What is due: restarts, deadlines, guests that start with the host, and the order in which all are stopped. */
import { answer, answerWaiters, guestOf, put, startTurn, tell, type Draft } from './draft.ts';
import { isAwaited, mayStart, orderOf, stoppable } from './order.ts';
import { isActive, type Guest, type Turn } from './state.ts';
import { escalate, stopGuest } from './stops.ts';

/** Whoever waits for the start of a bhyve whose devices wait for somebody, too, is answered. */
function tellLateStart(draft: Draft, guest: Guest, { patience, guest: bhyve }: Turn): void {
  if (typeof patience !== 'number' || draft.at < patience) return;
  const still = `${guest.name} is still starting: bhyve (process ${String(bhyve?.pid)}) is not done with its devices`;
  answerWaiters(draft, guest, ['running', 'again'], () => ({ ok: false, refusal: 'expired', message: still }));
}

/** Deadlines of one guest. */
function due(draft: Draft, before: Guest): void {
  const { activity, reboot } = before;
  let guest = before;
  if (reboot !== null && draft.at > reboot.until && activity.kind === 'running') {
    guest = answerWaiters(draft, put(draft, { ...guest, reboot: null }), ['again'], () => ({
      ok: false,
      refusal: 'expired',
      message: `${before.name} did not react to the power button: it runs on, and the request is withdrawn`,
    }));
  }
  if (activity.kind === 'starting') tellLateStart(draft, guest, activity.turn);
  if (activity.kind === 'waiting' && draft.at >= activity.until) startTurn(draft, guest, activity.warm);
  else if (activity.kind === 'stopping' && draft.at >= activity.until) escalate(draft, guest);
}

/** Starts the guests that start with the host: order by order, each after its delay and after those it depends on. */
function autostart(draft: Draft): void {
  const { autostarting } = draft.state;
  if (autostarting === null) return;
  const wanted = autostarting.pending
    .map((name) => guestOf(draft, name))
    .filter((guest): guest is Guest => guest?.activity.kind === 'off' && guest.autostart !== null);
  if (wanted.length === 0) {
    draft.state = { ...draft.state, autostarting: null };
    return;
  }
  const pending = wanted.map(({ name }) => name);
  const order = Math.min(...wanted.map((guest) => orderOf(draft.state, guest)));
  if (isOrderBusy(draft, order)) {
    draft.state = { ...draft.state, autostarting: { pending, order: null, since: autostarting.since } };
    return;
  }
  const since = autostarting.order === order ? autostarting.since : draft.at;
  const ready = wanted.filter(
    (guest) =>
      orderOf(draft.state, guest) === order &&
      draft.at >= since + (guest.autostart?.delay ?? 0) &&
      mayStart(draft.state, guest, pending),
  );
  for (const guest of ready) startTurn(draft, { ...guest, quick: 0, unattended: true }, false);
  const left = pending.filter((name) => !ready.some((guest) => guest.name === name));
  draft.state = { ...draft.state, autostarting: left.length === 0 ? null : { pending: left, order, since } };
}

/** Whether guests of an earlier order are still on their way. */
function isOrderBusy({ state }: Draft, order: number): boolean {
  return Object.values(state.guests).some(
    (guest) => guest.autostart !== null && isAwaited(state, guest) && orderOf(state, guest) < order,
  );
}

/** Stops all guests, those that started last first; when the time is over, by force. */
function closeAll(draft: Draft): void {
  const { closing } = draft.state;
  if (closing === null) return;
  const active = Object.values(draft.state.guests).filter(isActive);
  if (active.length === 0) {
    draft.state = { ...draft.state, closing: null };
    answer(draft, closing.id, { ok: true, result: { stopped: closing.guests } });
    if (closing.exit) draft.effects.push({ kind: 'exit' });
  } else if (!closing.forced && draft.at >= closing.until) {
    draft.state = { ...draft.state, closing: { ...closing, forced: true } };
    for (const guest of active) {
      tell(draft, guest, 'shutdown', 'the time for all guests is over');
      stopGuest(draft, guest, 'destroy');
    }
  } else {
    for (const guest of stoppable(draft.state)) {
      if (guest.stopAsked === null) stopGuest(draft, guest, 'shutdown');
    }
  }
}

/** Does what is due after an event. */
export function onTime(draft: Draft): void {
  for (const guest of Object.values(draft.state.guests)) due(draft, guest);
  autostart(draft);
  closeAll(draft);
}
