/**
 * The plan: all that a backend knows. What must be there on the host before the guest runs, what is made and unmade, the
 * loader's and bhyve's command, what each way of ending means. No flag beside it changes what a backend does.
 */
import type { Located, Origins, Span } from '../diagnostics/source.ts';
import type { Arch } from '../host/profile.ts';
import type { Action } from './actions.ts';
import type { HostStep } from './steps/index.ts';
import type { NmdmPair } from './units.ts';
import type { Setting } from './settings.ts';
import type { Word } from './words.ts';

export type { Action, HostStep };

/** A program and its words. */
export interface Command {
  readonly program: Word;
  readonly words: readonly Word[];
}

/** The time that a loader may take, timeout(1); in seconds. */
export interface LoaderLimit {
  readonly seconds: number;
  /** From SIGTERM to SIGKILL; 0 for no SIGKILL. */
  readonly killSeconds: number;
  readonly verbose: boolean;
  readonly origins: Origins;
}

/** The loader: a command that may be given a limited time. */
export interface LoaderCommand extends Command {
  readonly limit: LoaderLimit | null;
}

/** What must be one guest's alone on a network, or anywhere. */
export interface Identity {
  readonly kind: 'mac' | 'uuid';
  readonly value: string;
  readonly at: Span;
}

/** One rule of rctl(8) on the bhyve process, such as `readiops:throttle=100`. */
export interface ResourceRule {
  readonly rule: string;
  readonly origins: Origins;
}

/** A class of priorities and the place in it, from 0, which comes first, to 31: rtprio(1), idprio(1). */
export interface Priority {
  readonly program: 'rtprio' | 'idprio';
  readonly level: number;
}

/** A console of the guest that a user can attach to. */
export type GuestConsole =
  | { readonly kind: 'nmdm'; readonly com: number; readonly pair: NmdmPair }
  | { readonly kind: 'tcp'; readonly com: number; readonly host: string; readonly service: string };

/** How much of the host the guest takes, beside what the steps name. */
export interface Demand {
  readonly memoryMib: number;
  /** The memory cannot be paged out. */
  readonly wired: boolean;
  readonly vcpus: number;
}

/** Everything about one run of one guest. */
export interface Plan {
  readonly vmname: string;
  readonly arch: Arch;
  /** Name of the host profile that it was made for. */
  readonly target: string;
  /** FreeBSD release of the host, such as `14.3`; null where the profile does not say. */
  readonly release: string | null;
  readonly origins: Origins;
  readonly demand: Demand;
  /** The directory of files that exist while guests run. */
  readonly stateDirectory: string;
  readonly steps: readonly HostStep[];
  /** Runs before each start of bhyve; null where a boot ROM does its work. */
  readonly loader: LoaderCommand | null;
  /** The device map that the loader reads; null where it reads none. */
  readonly deviceMap: string | null;
  /** The grub.cfg that is made for it, of a kernel on the host; null where none is made. */
  readonly grubConfig: string | null;
  readonly bhyve: Command;
  /** True where bhyve can read a configuration file (`-k`, FreeBSD 13.1). */
  readonly configFile: boolean;
  /** What bhyve is told, in order, the name excepted. */
  readonly settings: readonly Setting[];
  /** MAC addresses and UUID. */
  readonly identities: readonly Identity[];
  /** By the meaning of bhyve's exit status: 1 and 2 are a power-off, 0 is a reset, the rest is a crash. */
  readonly onPoweroff: Action;
  readonly onReboot: Action;
  readonly onCrash: Action;
  /** True where SIGTERM presses the ACPI power button of the guest. */
  readonly acpi: boolean;
  readonly limits: readonly ResourceRule[];
  /** The host CPUs that the whole process may use, as cpuset(1) reads it; null where it may use all. */
  readonly cpuset: string | null;
  /** The domains that give its memory, `POLICY:DOMAINS` as cpuset(1) reads them; null where FreeBSD chooses. */
  readonly memoryDomains: string | null;
  /** The priority of its threads; null for the usual one. */
  readonly priority: Priority | null;
  readonly consoles: readonly GuestConsole[];
  /** Guests that must start before this one. */
  readonly startAfter: readonly Located<string>[];
}
