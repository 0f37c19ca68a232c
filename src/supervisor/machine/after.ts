/**
 * What follows when a turn is over and nothing of it is left: each on_* is honoured, a reboot request does not stick, and a
 * guest that ends again and again is started later and later.
 */
import { become, put, startTurn, tell, turnOff, withTurn, type Draft } from './draft.ts';
import type { Ended, Guest, Turn } from './state.ts';

/** Nothing of the turn is left on the host: what now? */
export function settle(draft: Draft, guest: Guest, turn: Turn): void {
  const settled = withTurn(draft, guest, turn);
  const { ended } = turn;
  const { stopAsked, reboot } = settled;
  if (stopAsked !== null) {
    tell(draft, settled, 'stopped', stopAsked === 'destroy' ? 'destroyed' : 'shutdown', { cause: turn.means });
    finish(draft, settled, turn, stopAsked === 'destroy' ? 'destroyed' : 'shutdown', null);
  } else if (ended === null) {
    startFailed(draft, settled, turn);
  } else if (isRebootDue(draft, reboot, ended)) {
    restartTurn(draft, settled, turn, reboot?.cold !== true);
  } else if (ended.action === 'restart' && draft.state.closing === null) {
    comeBack(draft, settled, turn, ended);
  } else if (ended.ending === 'error') {
    finish(draft, settled, turn, 'failed', turn.failure ?? 'bhyve refused to run: see its log');
  } else {
    const isCrash = ended.ending === 'crash' || ended.ending === 'unknown';
    finish(draft, settled, turn, isCrash ? 'crashed' : 'shutdown', null);
  }
}

/** What sh says of a process that SIGTERM has killed. */
const killedByTerm = 128 + 15;

/**
 * A reboot was asked for, the time for it is not over, and the guest ended as one that reboots does. Before a guest has
 * switched on ACPI the power button kills bhyve: that, too, is what was asked for.
 */
export function isRebootDue({ at, state }: Draft, reboot: Guest['reboot'], ended: Ended | null): boolean {
  if (reboot === null || ended === null || at > reboot.until || state.closing !== null) return false;
  return (ended.ending !== 'crash' && ended.ending !== 'error') || ended.status === killedByTerm;
}

/** Off, and the files of the turn go. */
export function finish(
  draft: Draft,
  guest: Guest,
  turn: Turn,
  reason: Parameters<typeof turnOff>[2],
  message: string | null,
): void {
  draft.effects.push({ kind: 'discard', guest: guest.name, turn: turn.number, files: true });
  turnOff(draft, guest, reason, message);
}

/** The launcher did not come as far as bhyve. Where nobody waits for it, it is tried again. */
function startFailed(draft: Draft, guest: Guest, turn: Turn): void {
  const message = turn.failure ?? 'its launcher gave no reason: see its log';
  tell(draft, guest, 'stopped', 'failed', { cause: message });
  const isTriedAgain = guest.unattended && draft.state.closing === null;
  if (!isTriedAgain || guest.quick + 1 >= draft.limits.quickRuns) {
    finish(draft, guest, turn, 'failed', message);
    return;
  }
  const quick = guest.quick + 1;
  waitFor(draft, { ...guest, quick }, turn, turn.warm);
}

/** The delay before a start after so many short runs. */
function delayOf({ limits }: Draft, quick: number): number {
  return Math.min(limits.restartDelayCap, limits.restartDelay * 2 ** Math.max(0, quick - 1));
}

function waitFor(draft: Draft, guest: Guest, turn: Turn, warm: boolean): void {
  const delay = delayOf(draft, guest.quick);
  draft.effects.push({ kind: 'discard', guest: guest.name, turn: turn.number, files: false });
  const waiting = become(draft, { ...guest, unattended: true }, { kind: 'waiting', until: draft.at + delay, warm });
  tell(draft, waiting, 'waiting', `starts again in ${String(Math.ceil(delay / 1000))} seconds`);
}

/** A restart by policy: at once after a reset, later after a crash, not at all in a crash loop. */
function comeBack(draft: Draft, before: Guest, turn: Turn, ended: Ended): void {
  const ran = ended.at - (turn.began ?? ended.at);
  const quick = ran < draft.limits.quickRun ? before.quick + 1 : 0;
  const guest = put(draft, { ...before, quick });
  if (quick >= draft.limits.quickRuns) {
    const seconds = String(draft.limits.quickRun / 1000);
    const message = `ended ${String(quick)} times within ${seconds} seconds of its start: not started again`;
    tell(draft, guest, 'stopped', 'crash loop', { cause: message });
    finish(draft, guest, turn, 'crash loop', message);
  } else if (ended.ending === 'reboot' && quick < 2) {
    restartTurn(draft, guest, turn, true);
  } else {
    waitFor(draft, guest, turn, true);
  }
}

function restartTurn(draft: Draft, guest: Guest, turn: Turn, warm: boolean): void {
  draft.effects.push({ kind: 'discard', guest: guest.name, turn: turn.number, files: false });
  startTurn(draft, { ...guest, unattended: true }, warm);
}
