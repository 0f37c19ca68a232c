/**
 * A host in memory, as the supervisor's effects meet it: launchers that report line by line, bhyve processes, leftovers.
 * It keeps the books that the model check looks at: two bhyves of one guest are noticed the moment they exist.
 */
import { readFact, type Fact } from '../../../src/launches/facts.ts';
import type { Process } from '../../../src/launches/happenings.ts';

/** What a launcher of the model is doing. */
type Stage = 'new' | 'prepares' | 'sets up' | 'runs' | 'unmakes' | 'gone';

/** One launcher. */
interface Launcher {
  readonly guest: string;
  readonly turn: number;
  readonly pid: number;
  readonly report: string[];
  stage: Stage;
  bhyve: number | null;
  stop: boolean;
  /** A signal has reached it, whether it listens or not. */
  told: boolean;
  /** Does not react to SIGTERM, or to nothing but SIGKILL. */
  deaf: 'no' | 'TERM' | 'USR1';
}

/** A clean-up at work. */
interface Cleaner {
  readonly guest: string;
  readonly turn: number;
}

/** The host. Names of guests are those of the test; a policy says what a launcher says of each ending. */
export class World {
  readonly launchers: Launcher[] = [];
  readonly cleaners: Cleaner[] = [];
  /** Reports that a new supervisor has made itself, so that a late launcher does nothing. */
  readonly voided = new Set<string>();
  /** Guests of which something is left on the host. */
  readonly leftovers = new Set<string>();
  /** bhyve processes: number to guest. */
  readonly bhyves = new Map<number, string>();
  readonly problems: string[] = [];
  readonly #policies: Readonly<Record<string, Readonly<Record<string, string>>>>;
  #nextPid = 100;

  /** @param policies for each guest the action of each ending */
  constructor(policies: Readonly<Record<string, Readonly<Record<string, string>>>>) {
    this.#policies = policies;
  }

  #pid(): number {
    this.#nextPid += 1;
    return this.#nextPid;
  }

  /** A launcher is started for a turn. */
  keep(guest: string, turn: number): void {
    const base = {
      guest,
      turn,
      pid: this.#pid(),
      report: [],
      bhyve: null,
      stop: false,
      told: false,
      deaf: 'no' as const,
    };
    this.launchers.push({ ...base, stage: 'new' });
  }

  /** The launcher of a turn, alive or not. */
  of(guest: string, turn: number): Launcher | undefined {
    return this.launchers.find((launcher) => launcher.guest === guest && launcher.turn === turn);
  }

  signal(guest: string, turn: number, signal: 'TERM' | 'USR1' | 'KILL'): void {
    const launcher = this.of(guest, turn);
    if (launcher === undefined || launcher.stage === 'gone') return;
    launcher.told = true;
    if (signal === 'KILL') this.kill(launcher);
    else if (launcher.deaf === 'no' || (launcher.deaf === 'TERM' && signal === 'USR1')) launcher.stop = true;
  }

  /** kill -9 of a launcher: bhyve goes on, and what was made stays. */
  kill(launcher: Launcher): void {
    launcher.stage = 'gone';
  }

  /** Lets a launcher go on by one line of its report. */
  advance(launcher: Launcher): void {
    switch (launcher.stage) {
      case 'new':
        this.#begin(launcher);
        break;
      case 'prepares':
        this.#boot(launcher);
        break;
      case 'sets up':
        // Stopped before its devices are set up, it never says that it runs.
        if (launcher.stop) this.end(launcher, 'crash', 143);
        else this.#setUp(launcher);
        break;
      case 'runs':
        if (launcher.stop) this.end(launcher, 'poweroff', 1);
        break;
      case 'unmakes':
        launcher.report.push('undone');
        this.leftovers.delete(launcher.guest);
        launcher.stage = 'gone';
        break;
      case 'gone':
        break;
    }
  }

  #begin(launcher: Launcher): void {
    if (this.voided.has(`${launcher.guest}.${String(launcher.turn)}`)) {
      launcher.stage = 'gone';
      return;
    }
    launcher.report.push(`launcher ${String(launcher.pid)}`);
    const isLocked = this.launchers.some(
      (other) => other !== launcher && other.guest === launcher.guest && !['new', 'gone'].includes(other.stage),
    );
    const isOrphaned = [...this.bhyves.values()].includes(launcher.guest);
    if (isLocked || isOrphaned) {
      launcher.report.push('failed 1 runs already', 'undone');
      launcher.stage = 'gone';
      return;
    }
    this.leftovers.add(launcher.guest);
    launcher.report.push('step tap');
    launcher.stage = 'prepares';
  }

  #boot(launcher: Launcher): void {
    if (launcher.stop) {
      launcher.stage = 'unmakes';
      return;
    }
    if ([...this.bhyves.values()].includes(launcher.guest)) this.problems.push(`${launcher.guest} runs twice`);
    launcher.bhyve = this.#pid();
    this.bhyves.set(launcher.bhyve, launcher.guest);
    launcher.report.push('step bhyve', `bhyve ${String(launcher.bhyve)}`);
    launcher.stage = 'sets up';
  }

  #setUp(launcher: Launcher): void {
    launcher.report.push(`guest ${String(launcher.bhyve)}`);
    launcher.stage = 'runs';
  }

  /** A step of the preparation fails. */
  fail(launcher: Launcher): void {
    if (launcher.stage !== 'prepares') return;
    launcher.report.push('failed 6 the disk is not there');
    launcher.stage = 'unmakes';
  }

  /** bhyve ends; the launcher sees it and says what follows. */
  end(launcher: Launcher, ending: 'reboot' | 'poweroff' | 'crash', status: number): void {
    if (!['sets up', 'runs'].includes(launcher.stage) || launcher.bhyve === null) return;
    // A guest that stops by itself has run.
    if (launcher.stage === 'sets up' && ending !== 'crash') this.#setUp(launcher);
    this.bhyves.delete(launcher.bhyve);
    const action = launcher.stop ? 'stop' : (this.#policies[launcher.guest]?.[ending] ?? 'destroy');
    launcher.report.push(`end ${String(status)} ${ending} ${action}`);
    launcher.stage = 'unmakes';
    if (action !== 'preserve') return;
    launcher.report.push(`kept ${ending}`);
    launcher.stage = 'gone';
  }

  /** The power button, pressed on bhyve itself. */
  press(guest: string, turn: number): void {
    const launcher = this.of(guest, turn);
    if (launcher?.stage === 'runs') this.end(launcher, 'poweroff', 1);
  }

  clean(guest: string, turn: number): void {
    if (!this.cleaners.some((cleaner) => cleaner.guest === guest && cleaner.turn === turn)) {
      this.cleaners.push({ guest, turn });
    }
  }

  /** A clean-up ends. */
  cleaned(cleaner: Cleaner, ok: boolean): void {
    this.cleaners.splice(this.cleaners.indexOf(cleaner), 1);
    const isLocked = this.launchers.some(
      ({ guest, stage }) => guest === cleaner.guest && !['new', 'gone'].includes(stage),
    );
    if (isLocked) this.problems.push(`${cleaner.guest} is cleaned up while its launcher is alive`);
    if (!ok) return;
    for (const [pid, guest] of this.bhyves) {
      if (guest === cleaner.guest) this.bhyves.delete(pid);
    }
    this.leftovers.delete(cleaner.guest);
  }

  /** The bhyve of a guest that has no launcher any more. */
  orphanOf(guest: string): Process | null {
    const owned = new Set(this.launchers.filter(({ stage }) => stage !== 'gone').map(({ bhyve }) => bhyve));
    for (const [pid, name] of this.bhyves) {
      if (name === guest && !owned.has(pid)) return { pid, started: `s${String(pid)}` };
    }
    return null;
  }

  /** Facts of a report behind the lines that were taken. */
  factsFrom(guest: string, turn: number, lines: number): readonly { readonly line: number; readonly fact: Fact }[] {
    const report = this.of(guest, turn)?.report ?? [];
    return report.slice(lines).flatMap((text, i) => {
      const fact = readFact(text);
      return fact === null || fact.kind === 'step' ? [] : [{ line: lines + i + 1, fact }];
    });
  }
}
