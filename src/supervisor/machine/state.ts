/**
 * All that the supervisor knows, as plain data: it is the fold of the journal's events and can be written as JSON. Nothing
 * in it refers to a process of the supervisor itself. Times are milliseconds since 1970.
 */
import type { Ending, FinalFact } from '../../launches/facts.ts';
import { limits, quickRuns } from '../../ir/host.ts';
import type { Process } from '../../launches/happenings.ts';

/** What the compiler says of a definition, for lists and for the order of starts; the launcher has the rest. */
export interface DefinitionFacts {
  readonly uuid: string;
  readonly title: string | null;
  readonly memoryMib: number;
  readonly vcpus: number;
  /** Guests that must run before this one, from the XML's metadata. */
  readonly startAfter: readonly string[];
  readonly onPoweroff: string;
  readonly onReboot: string;
  readonly onCrash: string;
  /** The variable store that `undefine` has to decide about; null where the guest has none. */
  readonly nvram: string | null;
}

/** A domain XML that was accepted. */
export interface Definition {
  /** A hash of the XML: the same text has the same revision. */
  readonly revision: string;
  readonly xml: string;
  readonly facts: DefinitionFacts;
}

/** How a run of bhyve came to its end. */
export interface Ended {
  /** The status as sh sees it: 129 and more for signals; null where nobody saw it. */
  readonly status: number | null;
  readonly ending: Ending | 'unknown';
  /** What follows by the domain's on_poweroff, on_reboot or on_crash; `stop` where the end was asked for. */
  readonly action: 'destroy' | 'restart' | 'preserve' | 'stop';
  /** The strongest means that were needed. */
  readonly means: 'none' | 'press' | 'force' | 'kill';
  /** When. */
  readonly at: number;
}

/** One start of a guest and its launcher. */
export interface Turn {
  /** Grows with each start of any guest, and never comes back: a stale message carries an old number. */
  readonly number: number;
  /** The definition that this turn runs; a warm restart keeps it. */
  readonly revision: string;
  /** It takes the files of the turn before. */
  readonly warm: boolean;
  /** When the launcher was asked for. */
  readonly asked: number;
  /** When the guest began to run, which is when bhyve had set up its devices; null before. */
  readonly began: number | null;
  /** Lines of the launcher's report that have been taken. */
  readonly lines: number;
  readonly launcher: Process | null;
  /** bhyve itself; while `began` is null it still sets up its devices. */
  readonly guest: Process | null;
  /** When whoever waits for the start is told that bhyve still is at its devices; null before bhyve begins. */
  readonly patience?: number | null;
  readonly means: Ended['means'];
  readonly ended: Ended | null;
  /** The first error of the launcher. */
  readonly failure: string | null;
  /** The last line of the report; null before. */
  readonly final: FinalFact | null;
}

/** Why a guest is off. */
export type OffReason =
  | 'never started'
  | 'shutdown'
  | 'destroyed'
  | 'crashed'
  | 'failed'
  | 'crash loop'
  | 'host was restarted';

/** What a guest is doing. */
export type Activity =
  | { readonly kind: 'off'; readonly reason: OffReason; readonly message: string | null }
  | { /** A restart is due. */ readonly kind: 'waiting'; readonly until: number; readonly warm: boolean }
  | {
      /** The launcher prepares, its loader runs, or bhyve sets up its devices. */ readonly kind: 'starting';
      readonly turn: Turn;
    }
  | { readonly kind: 'running'; readonly turn: Turn }
  | {
      /** The guest was asked, or is made, to end. */
      readonly kind: 'stopping';
      readonly turn: Turn;
      readonly stage: 'shutdown' | 'force' | 'kill';
      /** When stronger means are taken. */
      readonly until: number;
    }
  | { /** bhyve has ended; the launcher unmakes what it made. */ readonly kind: 'ending'; readonly turn: Turn }
  | {
      /** The launcher was killed or could not unmake all: another one cleans up. */
      readonly kind: 'cleaning';
      readonly turn: Turn;
      readonly how: 'clean' | 'destroy';
    }
  | { /** Kept for inspection: on_crash=preserve and the like. */ readonly kind: 'preserved'; readonly turn: Turn }
  | {
      /** Something of it resists the clean-up; a destroy tries again. */
      readonly kind: 'stuck';
      readonly turn: Turn;
      readonly message: string;
    };

/** A reboot that was asked for and has not happened. It does not stick: it expires, and a shutdown cancels it. */
export interface RebootRequest {
  readonly until: number;
  /** Take the newest definition. */
  readonly cold: boolean;
}

/** A request whose answer waits for something. Its connection is gone after a restart of the supervisor. */
export interface Waiter {
  readonly id: string;
  readonly until: 'running' | 'off' | 'again';
}

/** Everything about one guest. */
export interface Guest {
  readonly name: string;
  /** The newest definition: the next cold start takes it. */
  readonly definition: Definition;
  /** The definition that runs, where it is not the newest. */
  readonly runs: Definition | null;
  /** False after `undefine` of a running guest: it is forgotten when it ends. */
  readonly persistent: boolean;
  readonly autostart: { readonly order: number; readonly delay: number } | null;
  readonly activity: Activity;
  /** A stop was asked for: what ends stays off. */
  readonly stopAsked: 'shutdown' | 'destroy' | null;
  readonly reboot: RebootRequest | null;
  /** Nobody waits for the start: it is tried again when it fails. */
  readonly unattended: boolean;
  /** Short runs in a row. */
  readonly quick: number;
  /** How often it was started. */
  readonly starts: number;
  readonly waiters: readonly Waiter[];
}

/** All guests are being stopped, the last started first. */
export interface Closing {
  readonly id: string;
  /** When force is used on those that are left. */
  readonly until: number;
  /** The supervisor ends afterwards. */
  readonly exit: boolean;
  /** The time was over: force was used. */
  readonly forced: boolean;
  /** Guests that were active at its begin. */
  readonly guests: number;
}

/** Guests that still have to be started since the host came up. */
export interface Autostarting {
  readonly pending: readonly string[];
  /** The order whose turn it is; null while guests of an earlier one are still starting. */
  readonly order: number | null;
  /** Since when. */
  readonly since: number;
}

/** The whole state. */
export interface State {
  /** Events so far. */
  readonly sequence: number;
  /** Turns so far, of all guests, also of those that were forgotten. */
  readonly turns: number;
  /** The time of the last event. */
  readonly at: number;
  /** Names the run of the host's kernel; null before the first event. */
  readonly boot: string | null;
  readonly guests: Readonly<Record<string, Guest>>;
  readonly autostarting: Autostarting | null;
  readonly closing: Closing | null;
}

/** The state before the first event. */
export const emptyState: State = {
  sequence: 0,
  turns: 0,
  at: 0,
  boot: null,
  guests: {},
  autostarting: null,
  closing: null,
};

/** The limits that decisions depend on, in milliseconds where they are times. */
export interface Limits {
  /** How long whoever waits for a start waits for a bhyve that has begun. */
  readonly start: number;
  /** From a shutdown request to force, if the launcher did not escalate by itself. */
  readonly shutdown: number;
  /** From force to killing the launcher. */
  readonly force: number;
  /** How long a reboot request is good for. */
  readonly reboot: number;
  /** A run that is shorter counts as quick. */
  readonly quickRun: number;
  /** So many quick runs in a row are a crash loop. */
  readonly quickRuns: number;
  /** Before a restart after a crash; doubled for each quick run. */
  readonly restartDelay: number;
  /** The delay does not grow beyond this. */
  readonly restartDelayCap: number;
}

/** The limits where nobody sets others. */
export const defaultLimits: Limits = {
  start: limits.start * 1000,
  shutdown: 120_000,
  force: 60_000,
  reboot: 120_000,
  quickRun: limits.quickRun * 1000,
  quickRuns,
  restartDelay: limits.restartDelay * 1000,
  restartDelayCap: 60_000,
};

/** The turn that a guest is in; null where nothing of it is on the host. */
export function turnOf(guest: Guest): Turn | null {
  return 'turn' in guest.activity ? guest.activity.turn : null;
}

/** Whether something of the guest runs, or will without another request. */
export function isActive(guest: Guest): boolean {
  return !['off', 'preserved', 'stuck'].includes(guest.activity.kind);
}
