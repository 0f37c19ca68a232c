/**
 * What the consoles of all guests offer to the service. `createConsoles` in consoles.ts makes one.
 *
 *   await consoles.expect(name, plan.consoles);    // before the launcher starts, and at adoption
 *   const opened = consoles.open({ guest: name, com: null, write: true, ... });
 *   consoles.forget(name);                         // the guest is off and does not come back by itself
 */
import type { GuestConsole } from '../ir/plan.ts';
import type { RunCommand } from '../system/command.ts';

/** How the consoles are set up. */
export interface ConsolesOptions {
  /** The folder of logs: NAME.console.log for com1, NAME.comN.log for the others. It must exist. */
  readonly logFolder: string;
  /** Stands for / in rehearsals; before each path of a device. */
  readonly root?: string;
  /** For stty(1) and kldload(8). */
  readonly run?: RunCommand;
  /** The most bytes of one file of a log: 1 MiB where nothing is said. */
  readonly logBytes?: number;
  /** So many files of a log are kept, the current one included: 4 where nothing is said. */
  readonly logFiles?: number;
  /** So many bytes are kept in memory for each console, for those who attach: 64 KiB where nothing is said. */
  readonly ringBytes?: number;
  /** More bytes than these are not kept for a reader that is not ready: 256 KiB where nothing is said. */
  readonly readerBytes?: number;
  /** The first and the longest delay before a device is opened again. */
  readonly retryMs?: { readonly first: number; readonly longest: number };
  /** Something that a person should know of, said once until it is well again, such as a full disk. */
  readonly onProblem?: (problem: ConsoleProblem) => void;
}

/** What went wrong with a console, in words. */
export interface ConsoleProblem {
  readonly guest: string;
  readonly com: number;
  readonly message: string;
  /** True when it works again. */
  readonly solved: boolean;
}

/** Who attaches to a console. */
export interface ConsoleRequest {
  readonly guest: string;
  /** 1 to 4; null for the first console of the guest. */
  readonly com: number | null;
  /** One at a time may write. */
  readonly write: boolean;
  /** Take the right to write from whoever has it; the loser's `onClosed` is called. */
  readonly force: boolean;
  /** So many bytes of what was said before come first. */
  readonly replayBytes: number;
  /**
   * What the guest says, in order and without gaps. `false` asks to be left alone until `ready(handle)`; what does not
   * fit into memory meanwhile is left out, and a line in brackets says so. Never called before `open` has returned.
   */
  readonly onData: (bytes: Uint8Array) => boolean | undefined;
  /** Called once when the console is closed by somebody else, never after `close(handle)`. */
  readonly onClosed: (why: string) => void;
}

/** The answer of `open`. */
export type ConsoleOpened =
  | { readonly ok: true; readonly handle: number; readonly com: number }
  | { readonly ok: false; readonly message: string };

/** The answer of `write`. */
export type ConsoleWritten =
  | { readonly ok: true; readonly bytes: number }
  | { readonly ok: false; readonly message: string };

/** What is known of one console, for people and for metrics. */
export interface ConsoleView {
  readonly guest: string;
  readonly com: number;
  /** The device is open. */
  readonly connected: boolean;
  readonly readers: number;
  readonly hasWriter: boolean;
  /** What the guest has said since the supervisor began. */
  readonly bytes: number;
  /** How much of it could not be kept in the log. */
  readonly lostBytes: number;
}

/** All consoles of all guests. */
export interface Consoles {
  /**
   * Opens the consoles of a guest. It resolves once each null modem is open or its first attempt has failed, so that a
   * launcher that is started afterwards says nothing unheard; attempts go on until `forget`. It never rejects. Called again
   * with the same consoles it changes nothing; consoles that are not in the list any more are closed.
   */
  expect(guest: string, consoles: readonly GuestConsole[]): Promise<void>;
  /** Closes the consoles of a guest and tells its readers. The log stays. It resolves when the log is written. */
  forget(guest: string, why?: string): Promise<void>;
  /** Attaches to a console that was expected. */
  open(request: ConsoleRequest): ConsoleOpened;
  /** Types into the guest. A refusal says why: no right to write, not connected, or the guest does not read. */
  write(handle: number, bytes: Uint8Array): ConsoleWritten;
  /** The reader takes more, after its `onData` gave false. */
  ready(handle: number): void;
  /** Detaches. A handle that is closed already is no mistake. */
  close(handle: number): void;
  /** Each console that is expected. */
  views(): readonly ConsoleView[];
  /** Closes everything, and opens nothing any more; guests keep running. Resolves when the logs are written. */
  end(): Promise<void>;
}
