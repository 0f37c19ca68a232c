/** Ending a guest, whatever it is doing. */
import { become, put, tell, turnOff, type Draft } from './draft.ts';
import { cleanUp } from './turns.ts';
import type { Guest, Turn } from './state.ts';

/** How it is asked for. */
export type StopKind = 'shutdown' | 'destroy';

function signalled(draft: Draft, guest: Guest, turn: Turn, how: StopKind): void {
  const stage = how === 'shutdown' ? 'shutdown' : 'force';
  const until = draft.at + (how === 'shutdown' ? draft.limits.shutdown : draft.limits.force);
  become(draft, guest, { kind: 'stopping', turn, stage, until });
  const signal = how === 'shutdown' ? 'TERM' : 'USR1';
  draft.effects.push({ kind: 'signal', guest: guest.name, turn: turn.number, signal });
}

/**
 * Ends a guest: the launcher presses the power button and takes stronger means after its limits, or uses force at once.
 * A restart that is due is cancelled, and so is a reboot request.
 */
export function stopGuest(draft: Draft, before: Guest, how: StopKind): void {
  const stopAsked = before.stopAsked === 'destroy' ? 'destroy' : how;
  const guest = put(draft, { ...before, stopAsked, reboot: null });
  const { activity } = guest;
  switch (activity.kind) {
    case 'off':
      break;
    case 'waiting':
      tell(draft, guest, 'stopped', 'the restart was cancelled');
      draft.effects.push({ kind: 'discard', guest: guest.name, turn: 0, files: true });
      turnOff(draft, guest, how === 'shutdown' ? 'shutdown' : 'destroyed', null);
      break;
    case 'running':
      if (activity.turn.launcher === null)
        cleanUp(draft, guest, activity.turn, how === 'shutdown' ? 'clean' : 'destroy');
      else signalled(draft, guest, activity.turn, how);
      break;
    case 'starting':
      signalled(draft, guest, activity.turn, how);
      break;
    case 'stopping':
      if (how === 'destroy') signalled(draft, guest, activity.turn, how);
      break;
    case 'preserved':
    case 'stuck':
      cleanUp(draft, guest, activity.turn, 'destroy');
      break;
    case 'ending':
    case 'cleaning':
      break;
  }
}

/** The launcher did not end in time: stronger means. */
export function escalate(draft: Draft, guest: Guest): void {
  const { activity } = guest;
  if (activity.kind !== 'stopping') return;
  const stage = activity.stage === 'shutdown' ? 'force' : 'kill';
  const signal = stage === 'force' ? 'USR1' : 'KILL';
  become(draft, guest, { ...activity, stage, until: draft.at + draft.limits.force });
  draft.effects.push({ kind: 'signal', guest: guest.name, turn: activity.turn.number, signal });
}
