/** What people and programs are shown of a guest: a pure function of the state. */
import type { DomainState, GuestView } from '../../control/vocabulary.ts';
import { isActive, turnOf, type Guest, type State } from './state.ts';

function stateOf(guest: Guest): {
  readonly state: DomainState;
  readonly reason: string;
  readonly message: string | null;
} {
  const { activity } = guest;
  switch (activity.kind) {
    case 'off': {
      const hasCrashed = activity.reason === 'crashed' || activity.reason === 'crash loop';
      return { state: hasCrashed ? 'crashed' : 'shut off', reason: activity.reason, message: activity.message };
    }
    case 'waiting':
      return { state: 'restarting', reason: 'waits before the next start', message: null };
    case 'starting': {
      const reason = activity.turn.guest === null ? 'the launcher prepares' : 'bhyve sets up its devices';
      return { state: 'starting', reason, message: activity.turn.failure };
    }
    case 'running': {
      const isOrphan = activity.turn.launcher === null;
      const reason = isOrphan ? 'adopted without its launcher' : activity.turn.warm ? 'restarted' : 'booted';
      return { state: 'running', reason, message: guest.reboot === null ? null : 'a reboot was asked for' };
    }
    case 'stopping':
      return { state: 'in shutdown', reason: activity.stage, message: null };
    case 'ending':
      return { state: 'in shutdown', reason: 'bhyve has ended', message: activity.turn.failure };
    case 'cleaning':
      return { state: 'in shutdown', reason: 'cleaning up', message: activity.turn.failure };
    case 'stuck':
      return { state: 'stuck', reason: 'could not be cleaned up', message: activity.message };
    case 'preserved':
      return { state: 'preserved', reason: activity.turn.ended?.ending ?? 'unknown', message: null };
  }
}

/** One guest for a list. */
export function viewOf(guest: Guest): GuestView {
  const turn = turnOf(guest);
  const { facts } = guest.definition;
  const isUp = guest.activity.kind === 'running' || guest.activity.kind === 'stopping';
  const started = turn !== null && isActive(guest) ? turn.revision : null;
  return {
    name: guest.name,
    uuid: facts.uuid,
    title: facts.title,
    id: isUp ? (turn?.guest?.pid ?? null) : null,
    ...stateOf(guest),
    persistent: guest.persistent,
    autostart: guest.autostart !== null,
    autostartOrder: guest.autostart?.order ?? null,
    autostartDelaySeconds: guest.autostart === null ? null : guest.autostart.delay / 1000,
    memoryMib: facts.memoryMib,
    vcpus: facts.vcpus,
    since: isUp ? (turn?.began ?? null) : null,
    changedSinceStart: started !== null && started !== guest.definition.revision,
    onPoweroff: facts.onPoweroff,
    onReboot: facts.onReboot,
    onCrash: facts.onCrash,
    startAfter: facts.startAfter,
    starts: guest.starts,
    restartAt: guest.activity.kind === 'waiting' ? guest.activity.until : null,
  };
}

/** All guests, in the order of their names. */
export function viewsOf(state: State): readonly GuestView[] {
  return Object.values(state.guests)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(viewOf);
}

/** The guest that a user means: by name, by UUID, or by the id of a running one; null where there is none. */
export function findGuest(state: State, domain: string): Guest | null {
  const named = Object.hasOwn(state.guests, domain) ? state.guests[domain] : undefined;
  if (named !== undefined) return named;
  const wanted = domain.toLowerCase();
  for (const guest of Object.values(state.guests)) {
    if (guest.definition.facts.uuid.toLowerCase() === wanted || String(viewOf(guest).id) === domain) return guest;
  }
  return null;
}
