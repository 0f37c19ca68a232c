/** One turn of a guest: what its launcher reports, and its end, which is seen whoever dies; `after.ts` has what follows. */
import { finish, isRebootDue, settle } from './after.ts';
import { answerWaiters, become, guestOf, put, startTurn, tell, withTurn, type Draft } from './draft.ts';
import type { Event } from './event.ts';
import type { Fact } from '../../launches/facts.ts';
import type { Ended, Guest, Turn } from './state.ts';

/** A guest in a turn. */
interface InTurn {
  readonly guest: Guest;
  readonly turn: Turn;
}

/** The guest and its turn, if the message is about the turn that goes on. */
function inTurn(draft: Draft, name: string, number: number): InTurn | null {
  const guest = guestOf(draft, name);
  if (guest === null || !('turn' in guest.activity)) return null;
  const { turn } = guest.activity;
  return turn.number === number ? { guest, turn } : null;
}

/** bhyve has begun: one whose devices are refused ends, and one whose devices wait for somebody never comes to run. */
function setsUp(draft: Draft, { guest, turn }: InTurn, pid: number): void {
  withTurn(draft, guest, { ...turn, guest: { pid, started: null }, patience: draft.at + draft.limits.start });
}

/** bhyve has set up its devices: the guest runs. A launcher from before `bhyve` was reported says so when bhyve begins. */
function hasBegun(draft: Draft, { guest, turn }: InTurn, pid: number): void {
  const process = turn.guest?.pid === pid ? turn.guest : { pid, started: null };
  const running = { ...turn, began: draft.at, guest: process };
  if (guest.activity.kind !== 'starting') {
    withTurn(draft, guest, running);
    return;
  }
  const started = become(draft, guest, { kind: 'running', turn: running });
  tell(draft, started, 'started', turn.warm ? 'restarted' : 'booted');
  answerWaiters(draft, started, ['running', 'again'], () => ({ ok: true, result: { name: guest.name, id: pid } }));
}

/** How an end is told. */
function tellEnd(draft: Draft, guest: Guest, ended: Ended): void {
  const status = ended.status ?? 0;
  const isSignal = status > 128 && ended.ending === 'crash';
  const code = ended.status === null || isSignal ? null : status;
  const more = { code, signal: isSignal ? status - 128 : null, cause: guest.stopAsked };
  if (ended.ending === 'reboot') tell(draft, guest, 'reboot', 'the guest was reset', more);
  else if (ended.ending === 'poweroff') tell(draft, guest, 'shutdown', 'finished', more);
  else if (ended.action === 'stop') tell(draft, guest, 'stopped', ended.means === 'none' ? 'ended' : ended.means, more);
  else tell(draft, guest, 'crashed', ended.ending === 'error' ? 'bhyve could not run' : 'crashed', more);
}

function hasEnded(draft: Draft, { guest, turn }: InTurn, fact: Fact & { readonly kind: 'end' }): void {
  const { status, ending, action } = fact;
  const ended: Ended = { status, ending, action, means: turn.means, at: draft.at };
  const after = become(draft, guest, { kind: 'ending', turn: { ...turn, ended } });
  tellEnd(draft, after, ended);
}

/** The launcher uses stronger means; if nobody here asked for it, somebody signalled the launcher. */
function hasMeans(draft: Draft, { guest, turn }: InTurn, means: Ended['means']): void {
  const changed = withTurn(draft, guest, { ...turn, means });
  if (changed.activity.kind !== 'running' && changed.activity.kind !== 'starting') return;
  const until = draft.at + draft.limits.shutdown;
  const stopAsked = changed.stopAsked ?? 'shutdown';
  put(draft, {
    ...changed,
    stopAsked,
    activity: { kind: 'stopping', turn: { ...turn, means }, stage: 'shutdown', until },
  });
}

/** Takes one line of a launcher's report. Lines that were taken before, and those of other turns, change nothing. */
export function onReport(draft: Draft, event: Event & { readonly kind: 'report' }): void {
  const found = inTurn(draft, event.guest, event.turn);
  if (found === null || event.line <= found.turn.lines) return;
  const turn = { ...found.turn, lines: event.line };
  const guest = withTurn(draft, found.guest, turn);
  const now = { guest, turn };
  const { fact } = event;
  switch (fact.kind) {
    case 'launcher':
      withTurn(draft, guest, { ...turn, launcher: { pid: fact.pid, started: null } });
      break;
    case 'bhyve':
      setsUp(draft, now, fact.pid);
      break;
    case 'guest':
      hasBegun(draft, now, fact.pid);
      break;
    case 'press':
    case 'force':
    case 'kill':
      hasMeans(draft, now, fact.kind);
      break;
    case 'end':
      hasEnded(draft, now, fact);
      break;
    case 'failed':
      withTurn(draft, guest, { ...turn, failure: turn.failure ?? fact.message });
      break;
    case 'undone':
    case 'kept':
    case 'left':
      withTurn(draft, guest, { ...turn, final: fact.kind });
      break;
    case 'loader':
    case 'step':
    case 'also':
      break;
  }
}

/** Remembers the start time of a turn's bhyve, so that it is recognised again. */
export function onIdentified(draft: Draft, event: Event & { readonly kind: 'identified' }): void {
  const found = inTurn(draft, event.guest, event.turn);
  if (found?.turn.guest?.pid !== event.process.pid) return;
  withTurn(draft, found.guest, { ...found.turn, guest: event.process });
}

/** Lets another launcher unmake what is there. */
export function cleanUp(draft: Draft, guest: Guest, turn: Turn, how: 'clean' | 'destroy'): void {
  become(draft, guest, { kind: 'cleaning', turn, how });
  draft.effects.push({ kind: 'clean', guest: guest.name, turn: turn.number, how });
}

/** bhyve has outlived its launcher: it goes on where nobody wanted it to end. */
function isOrphaned(draft: Draft, { guest, turn }: InTurn): void {
  if (guest.activity.kind === 'running') {
    const adopted = become(draft, guest, { kind: 'running', turn });
    tell(draft, adopted, 'adopted', 'bhyve runs without its launcher');
    return;
  }
  const isGentle = guest.activity.kind === 'stopping' && guest.activity.stage === 'shutdown';
  cleanUp(draft, guest, turn, isGentle ? 'clean' : 'destroy');
}

/** What is known of an end that nobody saw. */
function unseen(draft: Draft, guest: Guest, turn: Turn): Turn {
  if (turn.ended !== null || turn.began === null) return turn;
  const { onCrash } = (guest.runs ?? guest.definition).facts;
  const action = onCrash === 'restart' ? 'restart' : 'destroy';
  const ended: Ended = { status: null, ending: 'unknown', action, means: turn.means, at: draft.at };
  tell(draft, guest, 'crashed', 'ended while nobody watched', { cause: guest.stopAsked });
  return { ...turn, ended };
}

/** The launcher of a turn is no more. */
export function onGone(draft: Draft, event: Event & { readonly kind: 'gone' }): void {
  const found = inTurn(draft, event.guest, event.turn);
  if (found === null || !['starting', 'running', 'stopping', 'ending'].includes(found.guest.activity.kind)) return;
  const { guest, turn } = found;
  if (event.refusal !== null) {
    settle(draft, guest, { ...turn, failure: turn.failure ?? event.refusal });
  } else if (event.orphan !== null) {
    const failure = turn.failure ?? (turn.began === null ? 'its launcher was killed' : null);
    const orphaned = { ...turn, launcher: null, guest: event.orphan, failure };
    isOrphaned(draft, { guest: withTurn(draft, guest, orphaned), turn: orphaned });
  } else if (turn.lines === 0) {
    neverBegan(draft, guest, turn);
  } else if (turn.final === 'undone') {
    settle(draft, guest, turn);
  } else if (turn.final === 'kept') {
    preserve(draft, guest, turn);
  } else {
    const failure = turn.failure ?? (turn.final === 'left' ? null : 'its launcher was killed');
    cleanUp(draft, guest, unseen(draft, guest, { ...turn, launcher: null, failure }), 'clean');
  }
}

/** The supervisor ended between its decision and the start of the launcher. */
function neverBegan(draft: Draft, guest: Guest, turn: Turn): void {
  if (guest.stopAsked !== null || draft.state.closing !== null) {
    finish(draft, guest, turn, guest.stopAsked === 'destroy' ? 'destroyed' : 'shutdown', null);
    return;
  }
  draft.effects.push({ kind: 'discard', guest: guest.name, turn: turn.number, files: false });
  startTurn(draft, guest, turn.warm);
}

/** Kept for inspection, unless somebody wants it gone, or running again. */
function preserve(draft: Draft, guest: Guest, turn: Turn): void {
  if (guest.stopAsked === 'destroy' || isRebootDue(draft, guest.reboot, turn.ended)) {
    cleanUp(draft, guest, turn, 'destroy');
    return;
  }
  const kept = become(draft, { ...guest, stopAsked: null, reboot: null }, { kind: 'preserved', turn });
  tell(draft, kept, 'preserved', turn.ended?.ending ?? 'unknown');
  const message = `${guest.name} has ended and is kept as it was: destroy removes it`;
  answerWaiters(draft, kept, ['off', 'running', 'again'], () => ({ ok: false, refusal: 'not done', message }));
}

/** A clean-up has ended. */
export function onCleaned(draft: Draft, event: Event & { readonly kind: 'cleaned' }): void {
  const found = inTurn(draft, event.guest, event.turn);
  if (found?.guest.activity.kind !== 'cleaning') return;
  const { guest, turn } = found;
  if (event.failure === null) {
    tell(draft, guest, 'cleaned', 'all was unmade');
    settle(draft, guest, turn);
    return;
  }
  const message = event.failure;
  const stuck = become(draft, { ...guest, stopAsked: null, reboot: null }, { kind: 'stuck', turn, message });
  tell(draft, stuck, 'stopped', 'could not be cleaned up', { cause: message });
  answerWaiters(draft, stuck, ['off', 'running', 'again'], () => ({ ok: false, refusal: 'not done', message }));
}
