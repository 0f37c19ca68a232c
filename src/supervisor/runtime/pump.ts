/**
 * The pump: takes all that has happened, writes it to the journal, folds it into the state, and hands out what follows.
 * Where the journal cannot be written, requests are refused, and what happened to guests waits and is tried again.
 */
import { eventLine, snapshotLine } from '../journal.ts';
import { dueAt } from '../machine/deadlines.ts';
import type { Effect } from '../machine/effect.ts';
import type { Event, Happening } from '../machine/event.ts';
import type { Limits, State } from '../machine/state.ts';
import { step } from '../machine/step.ts';
import type { JournalFile } from './journal-file.ts';
import { reasonOf } from '../../system/trouble.ts';

/** What the pump needs. */
export interface PumpOptions {
  readonly journal: JournalFile;
  readonly journalPath: string;
  readonly state: State;
  readonly limits: Limits;
  readonly perform: (effect: Effect) => void;
  /** The journal cannot be written, or can again (null). */
  readonly onTrouble: (message: string | null) => void;
  /** A request was not taken. */
  readonly onRefused: (id: string, message: string) => void;
}

/** The pump. */
export interface Pump {
  readonly state: () => State;
  /** Why the journal cannot be written; null where it can. */
  readonly trouble: () => string | null;
  readonly journalBytes: () => number;
  readonly journalErrors: () => number;
  readonly post: (happening: Happening) => void;
  /** Takes nothing more; resolves when what was taken is written. */
  close(): Promise<void>;
}

/** A journal that is longer than this, and than several snapshots, is begun anew. */
const compactAt = 1024 * 1024;
const retryAfter = 1000;
const longestTimer = 2 ** 31 - 1;

/** Makes the pump. */
export function createPump(options: PumpOptions): Pump {
  const { journal, limits } = options;
  let { state } = options;
  let queue: Happening[] = [];
  let running: Promise<void> | null = null;
  let isClosed = false;
  let trouble: string | null = null;
  let errors = 0;
  let compactSize = compactAt;
  let timer: NodeJS.Timeout | null = null;

  // Deadlines go by a clock that nobody sets. While there are none, the date of the host counts again.
  let base = Math.max(Date.now(), state.at) - performance.now();
  function now(): number {
    if (dueAt(state) === null) base = Math.max(Date.now(), state.at) - performance.now();
    return Math.max(state.at, Math.round(base + performance.now()));
  }

  function post(happening: Happening): void {
    if (isClosed) return;
    queue.push(happening);
    wake();
  }

  function wake(): void {
    running ??= Promise.resolve()
      .then(drain)
      .finally(() => {
        running = null;
        arm();
      });
  }

  async function drain(): Promise<void> {
    while (queue.length > 0 && (await takeAll()));
  }

  /** Takes what waits; false where the journal cannot be written. */
  async function takeAll(): Promise<boolean> {
    const batch = queue;
    queue = [];
    const at = now();
    const events = batch.map((happening): Event => ({ ...happening, at }));
    const first = state.sequence + 1;
    try {
      await journal.append(events.map((event, i) => eventLine(first + i, event)).join(''));
    } catch (error) {
      setTrouble(error);
      takeBack(batch);
      return false;
    }
    if (trouble !== null) {
      trouble = null;
      options.onTrouble(null);
    }
    const effects: Effect[] = [];
    for (const event of events) {
      const next = step(state, event, limits);
      ({ state } = next);
      effects.push(...next.effects);
    }
    for (const effect of effects) options.perform(effect);
    await compact();
    return true;
  }

  function setTrouble(error: unknown): void {
    errors += 1;
    const before = trouble;
    trouble = `the journal ${options.journalPath} cannot be written: ${reasonOf(error)}`;
    if (before !== trouble) options.onTrouble(trouble);
  }

  /** Facts about guests wait; requests are refused, and a deadline comes again by itself. */
  function takeBack(batch: readonly Happening[]): void {
    const kept = batch.filter(({ kind }) => kind !== 'request' && kind !== 'time');
    queue = [...kept, ...queue];
    for (const happening of batch) {
      if (happening.kind === 'request') options.onRefused(happening.id, trouble ?? '');
    }
  }

  async function compact(): Promise<void> {
    if (journal.size < compactSize) return;
    const snapshot = snapshotLine(state, limits);
    compactSize = Math.max(compactAt, 4 * Buffer.byteLength(snapshot));
    // Where it does not work, the long one still does.
    await journal.replace(snapshot).catch(() => undefined);
    compactSize = Math.max(compactSize, journal.size + compactAt);
  }

  function arm(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (isClosed) return;
    const due = dueAt(state);
    const isRetry = trouble !== null && queue.length > 0;
    if (queue.length > 0 && !isRetry) {
      wake();
    } else if (isRetry || due !== null) {
      const wait = trouble !== null ? retryAfter : Math.max(10, (due ?? 0) - now());
      timer = setTimeout(
        () => {
          if (queue.length === 0) queue.push({ kind: 'time' });
          wake();
        },
        Math.min(wait, longestTimer),
      );
    }
  }

  return {
    state: () => state,
    trouble: () => trouble,
    journalBytes: () => journal.size,
    journalErrors: () => errors,
    post,
    async close() {
      await running;
      isClosed = true;
      if (timer !== null) clearTimeout(timer);
      await running;
    },
  };
}
