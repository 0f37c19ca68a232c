/** What a check of the host found: one line of `bhyvec host validate`. */

/** What becomes of a check: only `fail` makes the host unfit; `note` is for what most guests do without. */
export type Result = 'pass' | 'fail' | 'warn' | 'note';

/** What to do about a miss. */
export interface Cure {
  /**
   * `now` is a command, `boot` a line for a file that is read at boot or the command
   * that writes it, `setup` a sentence.
   */
  readonly when: 'now' | 'boot' | 'setup';
  readonly what: string;
}

/** One check. */
export interface Finding {
  /** A stable name for programs. */
  readonly id: string;
  /** After "Checking", such as "for vmm module". */
  readonly subject: string;
  readonly result: Result;
  /** What is missing and what follows from it; null after a pass. */
  readonly message: string | null;
  readonly cures: readonly Cure[];
}

/** A check by its name and what it looks for, still without a result. */
export interface Check {
  readonly id: string;
  readonly subject: string;
}

/** All is well. */
export function pass(check: Check): Finding {
  return { ...check, result: 'pass', message: null, cures: [] };
}

/** Something is missing. */
export function miss(check: Check, result: Exclude<Result, 'pass'>, message: string, cures: readonly Cure[]): Finding {
  return { ...check, result, message, cures };
}

/** A check that could not be made. */
export function notChecked(check: Check, why: string, cures: readonly Cure[] = []): Finding {
  return miss(check, 'note', `not checked: ${why}`, cures);
}

/** A command to run. */
export function now(what: string): Cure {
  return { when: 'now', what };
}

/** A line of a file that is read at boot. */
export function atBoot(line: string, file = '/boot/loader.conf'): Cure {
  return { when: 'boot', what: `${line} in ${file}` };
}

/** A command that writes such a line. */
export function atBootBy(command: string): Cure {
  return { when: 'boot', what: command };
}

/** A sentence. */
export function setup(what: string): Cure {
  return { when: 'setup', what };
}
