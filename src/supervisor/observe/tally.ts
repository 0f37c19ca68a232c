/** What is counted of each guest for the metrics: a fold of its notices. */
import type { Notice } from '../../control/vocabulary.ts';

/** Counters of one guest since the supervisor began. */
export interface Tally {
  /** Runs of bhyve. */
  readonly starts: number;
  /** Starts that followed a run by themselves, with the same hardware: after a reboot or a crash. */
  readonly restarts: number;
  readonly crashes: number;
  /** bhyve's exit code when it ended last; null where it has not, or was ended by a signal. */
  readonly lastExitCode: number | null;
  readonly lastSignal: number | null;
}

/** Counters by the name of the guest. */
export type Tallies = ReadonlyMap<string, Tally>;

/** What is counted before the first notice. */
export const noTallies: Tallies = new Map();

/** The counters of a guest that nothing was told of. */
export const freshTally: Tally = { starts: 0, restarts: 0, crashes: 0, lastExitCode: null, lastSignal: null };

/** Takes a notice into account. A guest that was undefined is forgotten. */
export function tally(tallies: Tallies, { guest, event, detail, code, signal }: Notice): Tallies {
  const next = new Map(tallies);
  if (event === 'undefined') {
    next.delete(guest);
    return next;
  }
  const before = tallies.get(guest) ?? freshTally;
  const hasEnded = code !== null || signal !== null;
  next.set(guest, {
    starts: before.starts + (event === 'started' ? 1 : 0),
    restarts: before.restarts + (event === 'started' && detail === 'restarted' ? 1 : 0),
    crashes: before.crashes + (event === 'crashed' ? 1 : 0),
    lastExitCode: hasEnded ? code : before.lastExitCode,
    lastSignal: hasEnded ? signal : before.lastSignal,
  });
  return next;
}
