/** What the supervisor does about an event. Effects can be lost with a supervisor that is killed: `begin` repeats them. */
import type { Notice, RefusalKind } from '../../control/vocabulary.ts';
import type { Definition } from './state.ts';

/** A request's answer. */
export type Answer =
  | { readonly ok: true; readonly result: Readonly<Record<string, string | number | boolean | null>> }
  | { readonly ok: false; readonly refusal: RefusalKind; readonly message: string };

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
