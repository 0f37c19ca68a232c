/**
 * What is kept of a guest that has been compiled, so that a later compilation of its host takes it as it is. A guest follows from
 * its document, the options, what the lock has of it, and what it was told of the other guests when it was given what its
 * document leaves open: whoever keeps it compares the first three, and here it is asked again for the last.
 */
import type { Neighbours } from '../passes/allocate/neighbours.ts';
import type { GuestHardware, HostClaim, HostWideKind } from '../ir/hardware.ts';
import type { Lowering } from './stages.ts';

/** Whether another guest has something. */
export type IsTaken = ReturnType<Neighbours['isTakenFor']>;

/** A question about the other guests, and what was said. */
interface Answer {
  readonly kind: HostWideKind;
  readonly value: string;
  readonly isTaken: boolean;
}

/** How a guest came by what it has. */
export interface Trace {
  readonly guest: string;
  /** What its document pins of what only one guest can have. */
  readonly pinned: readonly HostClaim[];
  readonly answers: readonly Answer[];
  /** What it was given. */
  readonly hardware: GuestHardware;
}

/** A guest that was compiled before, and depends on nothing that has changed but, maybe, the other guests. */
export interface Remembered<Kept> extends Trace {
  readonly kept: Kept;
  /** Brings its document to its machine again: for when the others have changed. */
  readonly again: () => Lowering;
}

/** Notes what is asked. */
export function listening(isTaken: IsTaken): { readonly isTaken: IsTaken; readonly answers: readonly Answer[] } {
  const answers: Answer[] = [];
  return {
    answers,
    isTaken(kind, value) {
      const answer = isTaken(kind, value);
      answers.push({ kind, value, isTaken: answer });
      return answer;
    },
  };
}

/** Whether the others would say the same again. */
export function isStillTold({ answers }: Trace, isTaken: IsTaken): boolean {
  return answers.every((one) => isTaken(one.kind, one.value) === one.isTaken);
}
