/** A step in the making: the state so far and the effects so far. It lives within one call of `step` only. */
import type { Notice, RefusalKind } from '../../control/vocabulary.ts';
import type { Answer, Effect } from './effect.ts';
import type { Activity, Guest, Limits, OffReason, State, Turn, Waiter } from './state.ts';

/** The state and the effects so far. */
export interface Draft {
  state: State;
  readonly effects: Effect[];
  readonly limits: Limits;
  readonly at: number;
}

/** The guest of that name; null where there is none. Names are hostile: `__proto__` is one. */
export function guestOf(draft: Draft, name: string): Guest | null {
  return Object.hasOwn(draft.state.guests, name) ? (draft.state.guests[name] ?? null) : null;
}

/** Puts a guest in the place of the one of its name. */
export function put(draft: Draft, guest: Guest): Guest {
  draft.state = { ...draft.state, guests: { ...draft.state.guests, [guest.name]: guest } };
  return guest;
}

/** Forgets a guest. */
export function drop(draft: Draft, name: string): void {
  const guests = Object.fromEntries(Object.entries(draft.state.guests).filter(([key]) => key !== name));
  draft.state = { ...draft.state, guests };
}

/** Gives a guest another activity. */
export function become(draft: Draft, guest: Guest, activity: Activity): Guest {
  return put(draft, { ...guest, activity });
}

/** The guest with a changed turn. */
export function withTurn(draft: Draft, guest: Guest, turn: Turn): Guest {
  if (!('turn' in guest.activity)) return guest;
  return put(draft, { ...guest, activity: { ...guest.activity, turn } });
}

/** Tells the world. */
export function tell(
  draft: Draft,
  guest: Guest,
  event: Notice['event'],
  detail: string,
  more: Partial<Pick<Notice, 'cause' | 'code' | 'signal'>> = {},
): void {
  const { name, definition } = guest;
  const notice = { at: draft.at, guest: name, uuid: definition.facts.uuid, event, detail };
  draft.effects.push({ kind: 'notice', notice: { ...notice, cause: null, code: null, signal: null, ...more } });
}

/** Answers a request. */
export function answer(draft: Draft, id: string, reply: Answer): void {
  draft.effects.push({ kind: 'answer', id, answer: reply });
}

/** Answers that it cannot be done. */
export function refuse(draft: Draft, id: string, refusal: RefusalKind, message: string): void {
  answer(draft, id, { ok: false, refusal, message });
}

/** Answers those who wait for one of the moments; the others go on waiting. */
export function answerWaiters(
  draft: Draft,
  guest: Guest,
  moments: readonly Waiter['until'][],
  reply: (waiter: Waiter) => Answer,
): Guest {
  const isDue = (waiter: Waiter): boolean => moments.includes(waiter.until);
  for (const waiter of guest.waiters.filter(isDue)) answer(draft, waiter.id, reply(waiter));
  return put(draft, { ...guest, waiters: guest.waiters.filter((waiter) => !isDue(waiter)) });
}

/** Starts a guest: a new turn, and its launcher. */
export function startTurn(draft: Draft, before: Guest, warm: boolean): Guest {
  const number = draft.state.turns + 1;
  draft.state = { ...draft.state, turns: number };
  const definition = warm ? (before.runs ?? before.definition) : before.definition;
  const turn: Turn = {
    number,
    revision: definition.revision,
    warm,
    asked: draft.at,
    began: null,
    lines: 0,
    launcher: null,
    guest: null,
    means: 'none',
    ended: null,
    failure: null,
    final: null,
  };
  const runs = warm ? before.runs : null;
  const activity = { kind: 'starting', turn } as const;
  const starts = before.starts + 1;
  const guest = put(draft, { ...before, runs, starts, stopAsked: null, reboot: null, activity });
  draft.effects.push({ kind: 'keep', guest: guest.name, turn: number, warm, definition });
  tell(draft, guest, 'starting', starts === 1 ? 'first start' : `start ${String(starts)}`);
  return guest;
}

const whyNotRunning: Readonly<Record<OffReason, string>> = {
  'never started': 'was not started',
  shutdown: 'was shut down',
  destroyed: 'was destroyed',
  crashed: 'has crashed',
  failed: 'did not start',
  'crash loop': 'ended again and again shortly after its start',
  'host was restarted': 'ended with the host',
};

/** A guest is off: all who wait for it are answered, and one that nobody defines any more is forgotten. */
export function turnOff(draft: Draft, before: Guest, reason: OffReason, message: string | null): void {
  const means = 'turn' in before.activity ? before.activity.turn.means : 'none';
  const activity = { kind: 'off', reason, message } as const;
  const still = { ...before, activity, runs: null, stopAsked: null, reboot: null, unattended: false };
  const guest = answerWaiters(draft, put(draft, still), ['off', 'running', 'again'], (waiter) => {
    if (waiter.until === 'off') return { ok: true, result: { name: before.name, means } };
    const refusal = waiter.until === 'running' ? 'start failed' : 'not done';
    return {
      ok: false,
      refusal,
      message: `${before.name} ${whyNotRunning[reason]}${message === null ? '' : `: ${message}`}`,
    };
  });
  if (guest.persistent) return;
  tell(draft, guest, 'undefined', 'removed', { cause: 'it was transient' });
  drop(draft, guest.name);
}
