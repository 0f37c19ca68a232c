/**
 * A supervisor from its begin to its end: folders, lock, journal, the guests that run already, the pump. It keeps guests and
 * owns none: when it ends, by a signal or by kill -9, they go on, and the next one finds them.
 */
import { prepareFiles } from './prepare.ts';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { replay, snapshotLine } from '../journal.ts';
import type { Notice } from '../../control/vocabulary.ts';
import { turnOf, type Guest, type Limits, type State } from '../machine/state.ts';
import { failure } from '../../control/protocol.ts';
import type { Compiler } from '../compiler-contract.ts';
import type { Consoles } from '../../consoles/contract.ts';
import { createEffects } from './effects.ts';
import { sweep } from '../../launches/guest-files.ts';
import { openJournal, readJournalFile, realDisk, type Disk } from './journal-file.ts';
import { lockJournal } from '../../system/lock.ts';
import { createLaunches, type LauncherLimits } from '../../launches/launches.ts';
import type { Log } from '../../system/log.ts';
import type { Paths } from '../paths.ts';
import { createProcesses, type Processes } from '../../system/processes.ts';
import { createPump, type Pump } from './pump.ts';
import { createRequests, type Requests } from './requests.ts';
import { reasonOf, Trouble } from '../../system/trouble.ts';
import { createTurns, type Turns } from '../../launches/turns.ts';

/** How a supervisor is set up. */
export interface SupervisorOptions {
  readonly paths: Paths;
  readonly compiler: Compiler;
  readonly log: Log;
  readonly limits: Limits;
  readonly launcherLimits: LauncherLimits;
  /** So many launchers prepare at the same time. */
  readonly preparing: number;
  /** The environment of all that it runs. */
  readonly environment: Readonly<Record<string, string>>;
  readonly consoles: Consoles | null;
  readonly notice: (notice: Notice) => void;
  readonly disk?: Disk;
  /** Between two looks at all turns, in milliseconds. */
  readonly lookEvery?: number;
  /** Aborted when it is to end before it has begun: then the start rejects with the reason, and nothing is left. */
  readonly asked?: AbortSignal;
}

/** A supervisor that runs. */
export interface Supervisor {
  readonly pump: Pump;
  readonly requests: Requests;
  readonly paths: Paths;
  /** Since when it runs, in milliseconds since 1970. */
  readonly since: number;
  /** What the launcher of a guest is doing; null where it is not known. */
  progressOf(guest: string): string | null;
  /** Resolves when all guests were stopped and the supervisor is asked to end. */
  readonly exited: Promise<void>;
  /** Ends; guests go on. */
  end(): Promise<void>;
}

function makeFolders(paths: Paths): void {
  const folders: readonly [string, number][] = [
    [paths.run, 0o700],
    [paths.reports, 0o700],
    [paths.guests, 0o700],
    [paths.db, 0o700],
  ];
  for (const [folder, mode] of folders) {
    try {
      mkdirSync(folder, { recursive: true, mode });
      chmodSync(folder, mode);
    } catch (error) {
      throw new Trouble(`cannot make the directory ${folder}: ${reasonOf(error)}`);
    }
  }
}

/** The name of this run of the host's kernel. */
function bootOf(paths: Paths): string {
  try {
    const known = existsSync(paths.boot) ? readFileSync(paths.boot, 'utf8').trim() : '';
    if (known !== '') return known;
    const fresh = randomBytes(16).toString('hex');
    writeFileSync(paths.boot, `${fresh}\n`, { mode: 0o600 });
    return fresh;
  } catch (error) {
    throw new Trouble(`cannot write ${paths.boot}: ${reasonOf(error)}`);
  }
}

function replayed(text: string, file: string): State {
  const result = replay(text);
  if (result.ok) return result.state;
  throw new Trouble(
    `${file}, line ${String(result.line)}: ${result.why}. Guests that run are not touched. Cut the file off before ` +
      'this line (what came later is forgotten), or move it away (all definitions are forgotten), and start again',
  );
}

/** Starts a supervisor. Rejects with a {@link Trouble} where it cannot be. */
export async function startSupervisor(options: SupervisorOptions): Promise<Supervisor> {
  const { paths, log, limits, environment, asked } = options;
  asked?.throwIfAborted();
  makeFolders(paths);
  const processes = createProcesses(environment);
  const undo: (() => unknown)[] = [];
  try {
    undo.push(await lockJournal(paths.journal, processes, asked));
    const boot = bootOf(paths);
    const state = replayed(await readJournalFile(paths.journal), paths.journal);
    const journal = await openJournal(paths.journal, snapshotLine(state, limits), options.disk ?? realDisk);
    undo.push(() => journal.close());
    // Up to here nothing has followed from the journal.
    asked?.throwIfAborted();
    undo.push(() => {
      rmSync(paths.pid, { force: true });
    });
    writeFileSync(paths.pid, `${String(process.pid)}\n`, { mode: 0o644 });
    const requests = createRequests();
    const progress = new Map<string, string>();
    let exit = (): void => undefined;
    const exited = new Promise<void>((resolve) => (exit = resolve));

    const pump: Pump = createPump({
      journal,
      journalPath: paths.journal,
      state,
      limits,
      perform: (effect) => {
        effects.perform(effect);
      },
      onTrouble: (message) => {
        log(message ?? `the journal ${paths.journal} can be written again`);
      },
      onRefused: (id, message) => {
        requests.refuse(id, failure('journal', `${message}; guests that run are not touched`));
      },
    });
    const turns: Turns = createTurns({
      paths,
      processes,
      log,
      lookEvery: options.lookEvery ?? 500,
      post: pump.post,
      prepared: (guest, turn) => {
        effects.prepared(guest, turn);
      },
      progress: (guest, _turn, text) => progress.set(guest, text),
    });
    const launches = createLaunches({
      ...{ paths, log, environment },
      prepare: (guest, xml, warm) => prepareFiles(options, guest, xml, warm),
      limits: options.launcherLimits,
    });
    const effects = createEffects({
      ...{ paths, log, launches, turns, environment },
      consoles: options.consoles,
      preparing: options.preparing,
      state: pump.state,
      post: pump.post,
      answer: requests.answer,
      notice: options.notice,
      exit,
    });

    if (state.boot === boot) {
      // Those whose end nobody saw are told after `begin`, which is the first that is taken.
      pump.post({ kind: 'begin', boot });
      for (const guest of Object.values(state.guests)) adopt(guest, turns);
    } else {
      pump.post({ kind: 'begin', boot });
    }
    const swept = sweepOld(paths, processes, pump.state, log);
    void expectConsoles(options, state);
    return {
      pump,
      requests,
      paths,
      since: Date.now(),
      progressOf: (guest) => progress.get(guest) ?? null,
      exited,
      async end() {
        await swept;
        effects.close();
        turns.close();
        await pump.close();
        requests.end();
        await undoAll(undo);
      },
    };
  } catch (error) {
    await undoAll(undo);
    throw error instanceof Trouble || asked?.aborted === true ? error : new Trouble(reasonOf(error));
  }
}

/** The last thing first. */
async function undoAll(undo: readonly (() => unknown)[]): Promise<void> {
  for (const act of undo.toReversed()) await act();
}

/** Follows the turn of a guest that a supervisor before has started. */
function adopt(guest: Guest, turns: Turns): void {
  const turn = turnOf(guest);
  const { kind } = guest.activity;
  if (turn === null || !['starting', 'running', 'stopping', 'ending'].includes(kind)) return;
  const orphan = turn.launcher === null && turn.lines > 0;
  const launcher = turn.launcher?.pid ?? null;
  const { number, lines } = turn;
  turns.follow({ guest: guest.name, turn: number, lines, launcher, bhyve: turn.guest, own: false, orphan });
}

/** What guests say is heard again; one after the other, for the compiler takes its time. */
async function expectConsoles({ consoles, compiler }: SupervisorOptions, state: State): Promise<void> {
  if (consoles === null) return;
  for (const guest of Object.values(state.guests)) {
    if (turnOf(guest) === null) continue;
    await new Promise((resolve) => setImmediate(resolve));
    const compiled = compiler.compile((guest.runs ?? guest.definition).xml, `${guest.name}.xml`);
    if (compiled.ok) await consoles.expect(guest.name, compiled.consoles);
  }
}

async function sweepOld(paths: Paths, processes: Processes, current: () => State, log: Log): Promise<void> {
  try {
    const commands = (await processes.all()).map(({ command }) => command);
    sweep(paths, commands, (name, turn) => {
      const { guests } = current();
      const guest = Object.hasOwn(guests, name) ? guests[name] : undefined;
      if (guest === undefined) return false;
      return turn === null ? guest.activity.kind !== 'off' : turnOf(guest)?.number === turn;
    });
  } catch (error) {
    log(`cannot remove old files below ${paths.run}: ${reasonOf(error)}`);
  }
}
