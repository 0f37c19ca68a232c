/**
 * The text of the journal: one JSON object a line. The first is a snapshot of the state; an event follows on each further
 * line. The fold of the events over the snapshot is the state: nothing else is remembered.
 */
import { isObject, jsonIn } from '../text/json.ts';
import type { Event } from './machine/event.ts';
import { emptyState, type Limits, type State } from './machine/state.ts';
import { step } from './machine/step.ts';

/** The version of the format; a journal of another one is refused. */
export const journalVersion = 1;

/** What a journal's text holds, or why it cannot be used. */
export type Replay =
  | {
      readonly ok: true;
      readonly state: State;
      readonly events: number;
      /** Characters that are whole lines: what follows is the torn end of an append that was cut off. */
      readonly wholeLength: number;
    }
  | {
      readonly ok: false;
      /** Counts from 1. */
      readonly line: number;
      readonly why: string;
    };

/** The first line of a new journal. */
export function snapshotLine(state: State, limits: Limits): string {
  return `${JSON.stringify({ bhyvecJournal: journalVersion, limits, state })}\n`;
}

/** The line of an event. `sequence` is that of the state after it. */
export function eventLine(sequence: number, event: Event): string {
  return `${JSON.stringify({ sequence, event })}\n`;
}

/** The events' kinds: what a journal line may hold. */
const kinds: ReadonlySet<unknown> = new Set<Event['kind']>([
  'begin',
  'request',
  'report',
  'identified',
  'gone',
  'cleaned',
  'time',
]);

interface Header {
  readonly bhyvecJournal: number;
  readonly limits: Limits;
  readonly state: State;
}

interface Entry {
  readonly sequence: number;
  readonly event: Event;
}

// The journal is written by this program and readable by root only: what stands in it is trusted once its form is right.
function isHeader(value: unknown): value is Header {
  return (
    isObject(value) &&
    typeof value['bhyvecJournal'] === 'number' &&
    isObject(value['limits']) &&
    isObject(value['state'])
  );
}

function isEntry(value: unknown): value is Entry {
  const event = isObject(value) ? value['event'] : null;
  return isObject(value) && typeof value['sequence'] === 'number' && isObject(event) && kinds.has(event['kind']);
}

/**
 * Reads a journal. A last line without its newline is the torn end of an append: it was never acted upon, and is left out.
 * @param text the whole file; an empty one is the empty state
 */
export function replay(text: string): Replay {
  const wholeLength = text.lastIndexOf('\n') + 1;
  const lines = text.slice(0, wholeLength).split('\n').slice(0, -1);
  const [first] = lines;
  if (first === undefined) return { ok: true, state: emptyState, events: 0, wholeLength };
  const header = jsonIn(first);
  if (!isHeader(header)) return { ok: false, line: 1, why: 'this is not the first line of a journal of bhyvec' };
  if (header.bhyvecJournal !== journalVersion) {
    const found = String(header.bhyvecJournal);
    return { ok: false, line: 1, why: `the journal has version ${found}, this bhyvec knows ${String(journalVersion)}` };
  }
  let { state } = header;
  for (const [i, line] of lines.entries()) {
    if (i === 0) continue;
    const entry = jsonIn(line);
    if (!isEntry(entry)) return { ok: false, line: i + 1, why: 'this line is not an event' };
    if (entry.sequence !== state.sequence + 1) {
      const wanted = String(state.sequence + 1);
      return { ok: false, line: i + 1, why: `event ${String(entry.sequence)} follows where ${wanted} should` };
    }
    state = step(state, entry.event, header.limits).state;
  }
  return { ok: true, state, events: lines.length - 1, wholeLength };
}
