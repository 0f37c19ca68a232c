/** What can happen to the supervisor. Each event is written to the journal before anything follows from it. */
import type { TurnHappening } from '../../launches/happenings.ts';
import type { Definition } from './state.ts';

/** What a user asks for. `id` is that of the answer. */
export type Request =
  | { readonly method: 'start'; readonly guest: string; readonly wait: boolean }
  | { readonly method: 'shutdown'; readonly guest: string; readonly wait: boolean }
  | { readonly method: 'reboot'; readonly guest: string; readonly wait: boolean; readonly cold: boolean }
  | { readonly method: 'reset'; readonly guest: string }
  | { readonly method: 'destroy'; readonly guest: string }
  | { readonly method: 'define'; readonly guest: string; readonly definition: Definition }
  | {
      readonly method: 'undefine';
      readonly guest: string;
      /** What becomes of the variable store; null where the user did not say. */
      readonly nvram: 'keep' | 'remove' | null;
      /** Whether the store is there. */
      readonly nvramExists: boolean;
    }
  | {
      readonly method: 'autostart';
      readonly guest: string;
      readonly autostart: { readonly order: number; readonly delay: number } | null;
    }
  | {
      /** Stops all guests in reverse order; those that are left after `limit` milliseconds by force. */
      readonly method: 'close';
      readonly limit: number;
      readonly exit: boolean;
    };

/** One event. */
export type Event = { readonly at: number } & (
  | {
      /** A supervisor begins. `boot` names the run of the kernel: what ran before another boot is gone. */
      readonly kind: 'begin';
      readonly boot: string;
    }
  | { readonly kind: 'request'; readonly id: string; readonly request: Request }
  | TurnHappening
  | {
      /** A clean-up has ended. */
      readonly kind: 'cleaned';
      readonly guest: string;
      readonly turn: number;
      /** Null where all was unmade. */
      readonly failure: string | null;
    }
  | { /** A deadline has passed. */ readonly kind: 'time' }
);

/** An event without its time. */
export type Happening = Event extends infer E ? (E extends Event ? Omit<E, 'at'> : never) : never;
