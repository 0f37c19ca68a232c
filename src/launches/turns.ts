/**
 * Follows each turn from outside: its report as it grows, and whether its launcher and its bhyve are still there. Launchers
 * that this supervisor started tell their end themselves; adopted ones are asked for. A file watch makes it quick, a slow
 * look at all turns makes it sure: kqueue(2) and inotify(7) both may miss something.
 */
import { watch, type FSWatcher } from 'node:fs';
import type { Fact } from './facts.ts';
import type { Process, TurnHappening } from './happenings.ts';
import { voidReport } from './guest-files.ts';
import type { Log } from '../system/log.ts';
import { findOrphan } from './orphans.ts';
import type { LaunchPaths } from './paths.ts';
import { exists, type Processes } from '../system/processes.ts';
import type { ReportLine } from './report-file.ts';
import { reasonOf } from '../system/trouble.ts';
import { createWatch, type Followed, type Watch } from './turn-watch.ts';

/** What the follower of turns needs. */
export interface TurnsOptions {
  readonly paths: LaunchPaths;
  readonly processes: Processes;
  readonly log: Log;
  /** Between two looks at all turns, in milliseconds. */
  readonly lookEvery: number;
  readonly post: (happening: TurnHappening) => void;
  /** A launcher has come to bhyve, or has ended: another one may prepare. */
  readonly prepared: (guest: string, turn: number) => void;
  /** What a launcher is doing. */
  readonly progress: (guest: string, turn: number, text: string) => void;
}

/** All turns that go on. */
export interface Turns {
  follow(followed: Followed): void;
  /** The launcher that this supervisor started has ended; `why` says what is known where it left no report. */
  ended(guest: string, turn: number, why: string): void;
  /** Calls `act` with the number of a turn's launcher: at once, or when it is recognised; never where it is gone. */
  tell(guest: string, turn: number, act: (launcher: number) => void): void;
  /** Stops following; nothing happens to the guests. */
  close(): void;
}

/** Every so many looks an adopted process is recognised again by ps(1). */
const thoroughEvery = 20;

/** Makes the follower. */
export function createTurns(options: TurnsOptions): Turns {
  const { paths, processes, log, post } = options;
  const watches = new Map<string, Watch>();
  let looks = 0;
  let folderWatch: FSWatcher | null = null;
  const timer = setInterval(lookAtAll, options.lookEvery);

  function watchFolder(): void {
    try {
      // It tells of new reports. Those that are watched already tell of themselves.
      folderWatch = watch(paths.reports, { persistent: false }, () => {
        for (const one of watches.values()) {
          if (one.watcher === null && !one.orphan) take(one);
        }
      });
      folderWatch.on('error', () => folderWatch?.close());
    } catch (error) {
      log(`cannot watch ${paths.reports}: ${reasonOf(error)}; it is looked at from time to time`);
    }
  }

  function watchFile(one: Watch): void {
    if (one.watcher !== null) return;
    try {
      one.watcher = watch(paths.report(one.guest, one.turn), { persistent: false }, () => {
        take(one);
      });
      one.watcher.on('error', () => one.watcher?.close());
    } catch {
      // The slow look sees it.
    }
  }

  /** The new lines of a report; null where there is none. One that cannot be read is said once, and read later. */
  function readReport(one: Watch): readonly ReportLine[] | null {
    try {
      const lines = one.reader.read();
      one.isUnreadable = false;
      return lines;
    } catch (error) {
      if (!one.isUnreadable) log(`${one.guest}: cannot read its report: ${reasonOf(error)}`);
      one.isUnreadable = true;
      return null;
    }
  }

  /** Reads what was added to a report. */
  function take(one: Watch): void {
    if (watches.get(one.guest) !== one) return;
    const lines = readReport(one);
    if (lines === null) return;
    watchFile(one);
    for (const { line, fact } of lines) {
      one.taken = line;
      if (fact === null) continue;
      learn(one, fact);
      if (fact.kind === 'step') {
        if (line > one.lines) options.progress(one.guest, one.turn, fact.text);
      } else if (line > one.lines) {
        post({ kind: 'report', guest: one.guest, turn: one.turn, line, fact });
      }
    }
  }

  function learn(one: Watch, fact: Fact): void {
    if (fact.kind === 'launcher') one.launcher = fact.pid;
    else if (fact.kind === 'loader') one.loader = fact.pid;
    else if (fact.kind === 'bhyve' || fact.kind === 'guest') {
      if (one.bhyve?.pid !== fact.pid) one.bhyve = { pid: fact.pid, started: null };
      identify(one);
    } else if (fact.kind === 'undone' || fact.kind === 'kept' || fact.kind === 'left') one.hasFinal = true;
    if (['bhyve', 'guest', 'end', 'undone', 'kept', 'left'].includes(fact.kind)) options.prepared(one.guest, one.turn);
  }

  /** Asks for the start time of bhyve, once. */
  function identify(one: Watch): void {
    const { bhyve, guest, turn } = one;
    if (bhyve === null || bhyve.started !== null) return;
    processes.look([bhyve.pid]).then(
      (seen) => {
        const found = seen.get(bhyve.pid);
        if (found === undefined || one.bhyve !== bhyve) return;
        one.bhyve = { pid: bhyve.pid, started: found.started };
        post({ kind: 'identified', guest, turn, process: one.bhyve });
      },
      (error: unknown) => {
        log(`${guest}: cannot ask for the start time of bhyve: ${reasonOf(error)}`);
      },
    );
  }

  function lookAtAll(): void {
    looks += 1;
    const isThorough = looks % thoroughEvery === 0;
    const strangers: Watch[] = [];
    for (const one of watches.values()) {
      if (!one.orphan) take(one);
      if (one.own || one.isClosing || watches.get(one.guest) !== one) continue;
      const pid = one.orphan ? (one.bhyve?.pid ?? null) : one.launcher;
      if (pid !== null && !exists(pid)) close(one, null);
      else if (isThorough || pid === null || one.hasFinal) strangers.push(one);
    }
    if (strangers.length > 0) void recognise(strangers);
  }

  /** Looks whether the numbers still stand for what they stood for. */
  async function recognise(some: readonly Watch[]): Promise<void> {
    try {
      const unknown = some.some((one) => one.launcher === null && !one.orphan);
      const list = unknown ? await processes.all() : [];
      const pids = some.flatMap((one) => (one.orphan ? (one.bhyve?.pid ?? []) : (one.launcher ?? [])));
      const seen = await processes.look(pids);
      for (const one of some) {
        if (watches.get(one.guest) !== one || one.isClosing) continue;
        if (one.orphan) {
          const found = one.bhyve === null ? undefined : seen.get(one.bhyve.pid);
          const isSame = found !== undefined && (one.bhyve?.started ?? found.started) === found.started;
          if (!isSame) close(one, null);
          continue;
        }
        const words = `${paths.launcher(one.guest)} once ${String(one.turn)}`;
        const found =
          one.launcher === null ? list.find(({ command }) => command.endsWith(words)) : seen.get(one.launcher);
        if (found?.command.endsWith(words) === true) recognised(one, found.pid);
        else beginsOrEnds(one);
      }
    } catch (error) {
      log(`cannot look at processes: ${reasonOf(error)}; tried again`);
    }
  }

  function recognised(one: Watch, launcher: number): void {
    one.launcher = launcher;
    one.isRecognised = true;
    for (const act of one.untold.splice(0)) act(launcher);
  }

  /** There is no launcher: it has ended, or it was never started and shall not begin late. */
  function beginsOrEnds(one: Watch): void {
    try {
      voidReport(paths, one.guest, one.turn);
    } catch (error) {
      log(`${one.guest}: cannot write its report: ${reasonOf(error)}; tried again`);
      return;
    }
    close(one, null);
  }

  /** The launcher is gone, or the orphan is. */
  function close(one: Watch, refusal: string | null): void {
    if (one.isClosing) return;
    one.isClosing = true;
    if (!one.orphan) take(one);
    options.prepared(one.guest, one.turn);
    void finish(one, refusal);
  }

  async function finish(one: Watch, refusal: string | null): Promise<void> {
    const { guest, turn } = one;
    let orphan: Process | null = null;
    if (!one.hasFinal && refusal === null) {
      try {
        orphan = await findOrphan({ paths, processes, guest, known: [one.bhyve?.pid ?? null, one.loader] });
      } catch (error) {
        log(`${guest}: cannot look whether it still runs: ${reasonOf(error)}; tried again`);
        setTimeout(() => void finish(one, refusal), 1000).unref();
        return;
      }
    }
    if (watches.get(guest) !== one) return;
    forget(one);
    post({ kind: 'gone', guest, turn, orphan, refusal });
    if (orphan !== null) follow({ ...one, own: false, orphan: true, bhyve: orphan, launcher: null });
  }

  function forget(one: Watch): void {
    one.watcher?.close();
    one.watcher = null;
    if (watches.get(one.guest) === one) watches.delete(one.guest);
  }

  function follow(followed: Followed): void {
    const before = watches.get(followed.guest);
    if (before !== undefined) forget(before);
    const one = createWatch(followed, paths);
    watches.set(one.guest, one);
    if (one.orphan) return;
    take(one);
    if (one.own) return;
    identify(one);
    void recognise([one]);
  }

  watchFolder();
  return {
    follow,
    ended(guest, turn, why) {
      const one = watches.get(guest);
      if (one?.turn !== turn || one.isClosing) return;
      take(one);
      close(one, one.taken === 0 ? why : null);
    },
    tell(guest, turn, act) {
      const one = watches.get(guest);
      if (one?.turn !== turn || one.orphan || one.isClosing) return;
      if (one.isRecognised && one.launcher !== null) act(one.launcher);
      else one.untold.push(act);
    },
    close() {
      clearInterval(timer);
      folderWatch?.close();
      for (const one of watches.values()) one.watcher?.close();
      watches.clear();
    },
  };
}
