/**
 * The supervisor as a pure function: (state, event) gives the next state and what is to be done. The journal holds the
 * events, so that the same journal gives the same state, on any day.
 */
import { onTime } from './clock.ts';
import type { Draft } from './draft.ts';
import type { Effect } from './effect.ts';
import type { Event } from './event.ts';
import { onBegin, onRequest } from './requests.ts';
import type { Limits, State } from './state.ts';
import { onCleaned, onGone, onIdentified, onReport } from './turns.ts';

/** The outcome of an event. */
export interface Step {
  readonly state: State;
  /** To be done in this order, once the event is in the journal. */
  readonly effects: readonly Effect[];
}

function take(draft: Draft, event: Event): void {
  switch (event.kind) {
    case 'begin':
      onBegin(draft, event);
      break;
    case 'request':
      onRequest(draft, event);
      break;
    case 'report':
      onReport(draft, event);
      break;
    case 'identified':
      onIdentified(draft, event);
      break;
    case 'gone':
      onGone(draft, event);
      break;
    case 'cleaned':
      onCleaned(draft, event);
      break;
    case 'time':
      break;
  }
}

/**
 * Takes one event.
 * @param state the state before; it is not changed
 * @param limits the times that decisions depend on
 */
export function step(state: State, event: Event, limits: Limits): Step {
  // A clock that was set back does not make the past the future.
  const at = Math.max(state.at, event.at);
  const draft: Draft = { state: { ...state, sequence: state.sequence + 1, at }, effects: [], limits, at };
  take(draft, event);
  onTime(draft);
  return { state: draft.state, effects: draft.effects };
}
