/** What the event log offers to the service. `createEventLog` in event-log.ts makes one. */
import type { Notice } from '../../control/vocabulary.ts';
import type { NumberedNotice } from '../observe/event-line.ts';

/** How the event log is set up. */
export interface EventLogOptions {
  /** The file, such as /var/log/bhyvec/events.jsonl. Its folder must exist. */
  readonly path: string;
  /** The most bytes of one file: 4 MiB where nothing is said. */
  readonly logBytes?: number;
  /** So many files are kept, the current one included: 4 where nothing is said. */
  readonly logFiles?: number;
  /** So many events are kept in memory for subscribers that ask for those after a number: 1000 where nothing is said. */
  readonly recent?: number;
  /** Said once when the log cannot be written, and once when it can again. */
  readonly onProblem?: (message: string) => void;
}

/** Which events a subscriber wants; null is all. */
export interface EventFilter {
  /** The name of a guest. */
  readonly domain: string | null;
  readonly events: readonly Notice['event'][] | null;
}

/** The log. */
export interface EventLog {
  /** Numbers a notice (numbers grow by one and go on after a restart of the supervisor), tells the subscribers, writes the line. It never blocks and never throws. */
  record(notice: Notice): NumberedNotice;
  /**
   * Calls `deliver` for each event that the filter lets through; those after number `after` first, where they are known
   * and `after` is not null. A subscriber that throws is forgotten.
   * @returns what ends the subscription
   */
  subscribe(filter: EventFilter, deliver: (event: NumberedNotice) => void, after?: number | null): () => void;
  /** The number of the last event; 0 before the first. */
  last(): number;
  /** How many events could not be written to the file since the supervisor began. */
  dropped(): number;
  /** Resolves when all that was recorded is written, or could not be. */
  flush(): Promise<void>;
  /** Writes what is left and closes the file. */
  end(): Promise<void>;
}
