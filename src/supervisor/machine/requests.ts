/** What users ask for: each request is answered once, at once or when what it waits for has happened. */
import { answer, become, drop, guestOf, put, refuse, startTurn, tell, turnOff, type Draft } from './draft.ts';
import type { Event, Request } from './event.ts';
import { isActive, type Guest, type Waiter } from './state.ts';
import { stopGuest } from './stops.ts';
import { viewOf } from './view.ts';

type Asked<M extends Request['method']> = Request & { readonly method: M };

/** Lets the answer wait, or gives it at once. */
function later(draft: Draft, guest: Guest, id: string, until: Waiter['until'], wait: boolean): Guest {
  if (wait) return put(draft, { ...guest, waiters: [...guest.waiters, { id, until }] });
  answer(draft, id, { ok: true, result: { name: guest.name, id: null, means: null } });
  return guest;
}

function start(draft: Draft, id: string, guest: Guest, { wait }: Asked<'start'>): void {
  const { kind } = guest.activity;
  if (draft.state.closing !== null) {
    refuse(draft, id, 'closing', 'all guests are being shut down');
  } else if (kind === 'preserved') {
    refuse(draft, id, 'busy', `${guest.name} is kept as it ended: destroy removes it, then it can be started`);
  } else if (kind === 'stuck') {
    refuse(draft, id, 'busy', `something of ${guest.name} is left over: destroy tries to remove it`);
  } else if (kind === 'off' || kind === 'waiting') {
    const waiting = later(draft, { ...guest, quick: 0, unattended: false }, id, 'running', wait);
    startTurn(draft, waiting, false);
  } else if (kind === 'starting' || kind === 'running') {
    refuse(draft, id, 'already running', `${guest.name} is already ${kind}`);
  } else {
    refuse(draft, id, 'busy', `${guest.name} is being shut down: try again when it is off`);
  }
}

function notRunning(draft: Draft, id: string, guest: Guest): void {
  refuse(draft, id, 'not running', `${guest.name} is not running (${viewOf(guest).reason})`);
}

function shutdown(draft: Draft, id: string, guest: Guest, { wait }: Asked<'shutdown'>): void {
  if (!isActive(guest)) notRunning(draft, id, guest);
  else stopGuest(draft, later(draft, guest, id, 'off', wait), 'shutdown');
}

function destroy(draft: Draft, id: string, guest: Guest): void {
  if (guest.activity.kind === 'off') notRunning(draft, id, guest);
  else stopGuest(draft, later(draft, guest, id, 'off', true), 'destroy');
}

function reboot(draft: Draft, id: string, before: Guest, { wait, cold }: Asked<'reboot'>): void {
  if (before.activity.kind !== 'running') {
    notRunning(draft, id, before);
    return;
  }
  const until = draft.at + draft.limits.reboot;
  const guest = later(draft, { ...before, reboot: { until, cold } }, id, 'again', wait);
  put(draft, guest);
  draft.effects.push({ kind: 'press', guest: guest.name, turn: before.activity.turn.number });
}

function reset(draft: Draft, id: string, guest: Guest): void {
  const { activity } = guest;
  if (activity.kind !== 'running') notRunning(draft, id, guest);
  else draft.effects.push({ kind: 'reset', guest: guest.name, turn: activity.turn.number, id });
}

function define(draft: Draft, id: string, { guest: name, definition }: Asked<'define'>): void {
  const { uuid } = definition.facts;
  const known = guestOf(draft, name);
  const other = Object.values(draft.state.guests).find(
    (guest) => guest.name !== name && guest.definition.facts.uuid === uuid,
  );
  if (known !== null && known.definition.facts.uuid !== uuid) {
    const theirs = known.definition.facts.uuid;
    refuse(draft, id, 'conflict', `domain ${name} is already defined with uuid ${theirs}: undefine it first`);
  } else if (other !== undefined) {
    refuse(draft, id, 'conflict', `uuid ${uuid} is already that of domain ${other.name}`);
  } else if (known === null) {
    const activity = { kind: 'off', reason: 'never started', message: null } as const;
    const fresh = {
      name,
      definition,
      runs: null,
      persistent: true,
      autostart: null,
      activity,
      stopAsked: null,
    } as const;
    const guest = put(draft, { ...fresh, reboot: null, unattended: false, quick: 0, starts: 0, waiters: [] });
    tell(draft, guest, 'defined', 'added');
    answer(draft, id, { ok: true, result: { name, uuid, created: true, changedSinceStart: false } });
  } else {
    redefine(draft, id, known, definition);
  }
}

function redefine(draft: Draft, id: string, known: Guest, definition: Guest['definition']): void {
  const isSame = known.definition.revision === definition.revision;
  const runs = isActive(known) ? (known.runs ?? known.definition) : null;
  const guest = put(draft, { ...known, definition, runs, persistent: true });
  if (!isSame || !known.persistent) tell(draft, guest, 'defined', 'updated');
  const { changedSinceStart } = viewOf(guest);
  const result = { name: guest.name, uuid: definition.facts.uuid, created: false, changedSinceStart };
  answer(draft, id, { ok: true, result });
}

function undefine(draft: Draft, id: string, guest: Guest, { nvram, nvramExists }: Asked<'undefine'>): void {
  const { name } = guest;
  const path = guest.definition.facts.nvram;
  const hasStore = path !== null && nvramExists;
  if (!guest.persistent) {
    refuse(draft, id, 'conflict', `${name} is transient already: it is forgotten when it ends`);
  } else if (hasStore && nvram === null) {
    refuse(draft, id, 'nvram', `${name} has the variable store ${path}: say whether to keep it or to remove it`);
  } else if (guest.activity.kind === 'preserved' || guest.activity.kind === 'stuck') {
    refuse(draft, id, 'busy', `something of ${name} is left on the host: destroy removes it, then undefine`);
  } else if (isActive(guest) && hasStore && nvram === 'remove') {
    refuse(draft, id, 'busy', `${name} uses its variable store: shut it down first, or keep the store`);
  } else if (isActive(guest)) {
    put(draft, { ...guest, persistent: false, autostart: null });
    answer(draft, id, { ok: true, result: { name, transient: true } });
  } else {
    if (hasStore && nvram === 'remove') draft.effects.push({ kind: 'remove-nvram', guest: name, path });
    tell(draft, guest, 'undefined', 'removed');
    drop(draft, name);
    answer(draft, id, { ok: true, result: { name, transient: false } });
  }
}

function setAutostart(draft: Draft, id: string, guest: Guest, { autostart }: Asked<'autostart'>): void {
  if (!guest.persistent) {
    refuse(draft, id, 'conflict', `cannot set autostart for the transient domain ${guest.name}`);
    return;
  }
  put(draft, { ...guest, autostart });
  answer(draft, id, { ok: true, result: { name: guest.name } });
}

function close(draft: Draft, id: string, { limit, exit }: Asked<'close'>): void {
  if (draft.state.closing !== null) {
    refuse(draft, id, 'closing', 'all guests are being shut down already');
    return;
  }
  const active = Object.values(draft.state.guests).filter(isActive);
  const closing = { id, until: draft.at + limit, exit, forced: false, guests: active.length };
  draft.state = { ...draft.state, closing, autostarting: null };
  for (const guest of active) {
    if (guest.activity.kind === 'waiting') stopGuest(draft, guest, 'shutdown');
  }
}

/** Takes a request. */
export function onRequest(draft: Draft, { id, request }: Event & { readonly kind: 'request' }): void {
  if (request.method === 'close') {
    close(draft, id, request);
    return;
  }
  if (request.method === 'define') {
    define(draft, id, request);
    return;
  }
  const guest = guestOf(draft, request.guest);
  if (guest === null) {
    refuse(draft, id, 'no such domain', `there is no domain ${request.guest}`);
    return;
  }
  switch (request.method) {
    case 'start':
      start(draft, id, guest, request);
      break;
    case 'shutdown':
      shutdown(draft, id, guest, request);
      break;
    case 'reboot':
      reboot(draft, id, guest, request);
      break;
    case 'reset':
      reset(draft, id, guest);
      break;
    case 'destroy':
      destroy(draft, id, guest);
      break;
    case 'undefine':
      undefine(draft, id, guest, request);
      break;
    case 'autostart':
      setAutostart(draft, id, guest, request);
      break;
  }
}

/** A supervisor begins: who asked the one before is gone, and what it was about to do may not have been done. */
export function onBegin(draft: Draft, { boot }: Event & { readonly kind: 'begin' }): void {
  const isSameBoot = draft.state.boot === boot;
  draft.state = { ...draft.state, boot, closing: null };
  for (const before of Object.values(draft.state.guests)) {
    const guest = put(draft, { ...before, waiters: [] });
    if (isSameBoot) repeatEffects(draft, guest);
    else hostRestarted(draft, guest);
  }
  if (isSameBoot) return;
  const pending = Object.values(draft.state.guests).filter((guest) => guest.autostart !== null);
  const names = pending.map(({ name }) => name).toSorted();
  draft.state = { ...draft.state, autostarting: { pending: names, order: null, since: draft.at } };
}

/** Effects that are harmless twice. What a turn reports is found in its report, and needs none. */
function repeatEffects(draft: Draft, guest: Guest): void {
  const { activity, name } = guest;
  if (activity.kind === 'cleaning') {
    draft.effects.push({ kind: 'clean', guest: name, turn: activity.turn.number, how: activity.how });
  } else if (activity.kind === 'stopping') {
    const signal = activity.stage === 'shutdown' ? 'TERM' : activity.stage === 'force' ? 'USR1' : 'KILL';
    draft.effects.push({ kind: 'signal', guest: name, turn: activity.turn.number, signal });
  } else if (activity.kind === 'stuck') {
    become(draft, guest, { kind: 'cleaning', turn: activity.turn, how: 'clean' });
    draft.effects.push({ kind: 'clean', guest: name, turn: activity.turn.number, how: 'clean' });
  }
}

/** Whatever ran is gone with the kernel. */
function hostRestarted(draft: Draft, guest: Guest): void {
  const { activity, name } = guest;
  if (activity.kind === 'off') return;
  tell(draft, guest, 'stopped', 'host was restarted');
  if ('turn' in activity) draft.effects.push({ kind: 'discard', guest: name, turn: activity.turn.number, files: true });
  turnOff(draft, { ...guest, quick: 0 }, 'host was restarted', null);
}
