/** What happens in a turn, as whoever follows it is told. */
import type { Fact } from './facts.ts';

/** A process as it is recognised again: numbers come back, start times do not. */
export interface Process {
  readonly pid: number;
  /** As ps(1) prints it (`lstart`); null until it was asked. */
  readonly started: string | null;
}

/** One thing that has happened. */
export type TurnHappening =
  | {
      /** A line of a launcher's report. `line` counts from 1. */
      readonly kind: 'report';
      readonly guest: string;
      readonly turn: number;
      readonly line: number;
      readonly fact: Fact;
    }
  | {
      /** The start time of a turn's bhyve became known. */
      readonly kind: 'identified';
      readonly guest: string;
      readonly turn: number;
      readonly process: Process;
    }
  | {
      /** The launcher of a turn is no more, its report has been taken to the end. */
      readonly kind: 'gone';
      readonly guest: string;
      readonly turn: number;
      /** bhyve or its loader, where it has outlived its launcher. */
      readonly orphan: Process | null;
      /** Why the launcher could not be started at all; null where it was. */
      readonly refusal: string | null;
    };
