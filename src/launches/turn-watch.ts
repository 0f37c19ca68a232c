/** What is known of a turn that is followed. */
import type { FSWatcher } from 'node:fs';
import type { Process } from './happenings.ts';
import type { LaunchPaths } from './paths.ts';
import { createReportReader, type ReportReader } from './report-file.ts';

/** A turn to follow. */
export interface Followed {
  readonly guest: string;
  readonly turn: number;
  /** Lines that the machine has taken already. */
  readonly lines: number;
  /** The number of the launcher; null where it is not known. */
  readonly launcher: number | null;
  /** bhyve, where it is known. */
  readonly bhyve: Process | null;
  /** It was started by this supervisor, which is told of its end. */
  readonly own: boolean;
  /** The launcher is gone, bhyve is known to have outlived it. */
  readonly orphan: boolean;
}

/** A turn that is followed. */
export interface Watch extends Followed {
  launcher: number | null;
  bhyve: Process | null;
  loader: number | null;
  readonly reader: ReportReader;
  watcher: FSWatcher | null;
  /** Lines that were read. */
  taken: number;
  hasFinal: boolean;
  isUnreadable: boolean;
  /** Its end is being looked into. */
  isClosing: boolean;
  /** The number stands for its launcher, and not for whoever has the number now. */
  isRecognised: boolean;
  /** What its launcher is to be told once it is recognised. */
  untold: ((launcher: number) => void)[];
}

/** Begins to follow. */
export function createWatch(followed: Followed, paths: LaunchPaths): Watch {
  const { guest, turn, lines, launcher, bhyve, own, orphan } = followed;
  return {
    ...{ guest, turn, lines, launcher, bhyve, own, orphan },
    loader: null,
    reader: createReportReader(paths.report(guest, turn)),
    watcher: null,
    taken: 0,
    hasFinal: false,
    isUnreadable: false,
    isClosing: false,
    isRecognised: own,
    untold: [],
  };
}
