/** What the supervisor does about an event. Effects can be lost with a supervisor that is killed: `begin` repeats them. */
import type { Definition } from './state.ts';

/** Why a request is refused, as a stable word; the numbers of the protocol follow from it. */
export type RefusalKind =
  | 'no such domain'
  | 'already running'
  | 'not running'
  | 'busy'
  | 'closing'
  | 'conflict'
  | 'nvram'
  | 'start failed'
  | 'not done'
  | 'expired';

/** A request's answer. */
export type Answer =
  | { readonly ok: true; readonly result: Readonly<Record<string, string | number | boolean | null>> }
  | { readonly ok: false; readonly refusal: RefusalKind; readonly message: string };

/** What is told to the world, one for each transition; the words are those of virsh event. */
export interface Notice {
  readonly at: number;
  readonly guest: string;
  readonly uuid: string;
  readonly event:
    | 'defined'
    | 'undefined'
    | 'starting'
    | 'started'
    | 'reboot'
    | 'shutdown'
    | 'stopped'
    | 'crashed'
    | 'preserved'
    | 'adopted'
    | 'cleaned'
    | 'waiting';
  readonly detail: string;
  /** What led to it. */
  readonly cause: string | null;
  /** bhyve's exit code, where it has ended by one. */
  readonly code: number | null;
  /** The signal that ended bhyve. */
  readonly signal: number | null;
}

/** One effect. */
export type Effect =
  | {
      /** Run `launch once` for a turn. A warm one takes the launcher that the turn before had. */
      readonly kind: 'keep';
      readonly guest: string;
      readonly turn: number;
      readonly warm: boolean;
      readonly definition: Definition;
    }
  | {
      /** Signal the launcher: TERM asks the guest to power off, USR1 uses force. */
      readonly kind: 'signal';
      readonly guest: string;
      readonly turn: number;
      readonly signal: 'TERM' | 'USR1' | 'KILL';
    }
  | { /** SIGTERM to bhyve: the power button. */ readonly kind: 'press'; readonly guest: string; readonly turn: number }
  | {
      /** bhyvectl --force-reset. */ readonly kind: 'reset';
      readonly guest: string;
      readonly turn: number;
      readonly id: string;
    }
  | {
      /** Run `launch clean`, or `launch destroy` where the guest may still run. */
      readonly kind: 'clean';
      readonly guest: string;
      readonly turn: number;
      readonly how: 'clean' | 'destroy';
    }
  | {
      /** The report of a turn is not needed any more; with `files` its launcher and secrets are not, either. */
      readonly kind: 'discard';
      readonly guest: string;
      readonly turn: number;
      readonly files: boolean;
    }
  | { readonly kind: 'remove-nvram'; readonly guest: string; readonly path: string }
  | { readonly kind: 'answer'; readonly id: string; readonly answer: Answer }
  | { readonly kind: 'notice'; readonly notice: Notice }
  | { /** The supervisor has nothing left to do. */ readonly kind: 'exit' };
