/** `bhyvec build --watch`: builds, waits until something that it was made of has another content, and builds again. */
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { printable } from '../../diagnostics/printable.ts';
import {
  changedFiles,
  contentOf,
  createWatched,
  filesOf,
  isGone,
  isSameLook,
  refuseUnwatchable,
  type Look,
} from '../../documents/watched.ts';
import { exitStatus, UsageError, type ExitStatus, type Terminal } from '../../system/terminal.ts';
import type { BuildFlags } from '../options.ts';
import { catchEndSignals } from '../supervise/signals.ts';

/** Is told of a lock that was written; null where it was removed. */
export type LockWritten = (path: string, text: string | null) => void;

/** One build. */
export type BuildOnce = (written: LockWritten) => Promise<ExitStatus>;

/** Time between two looks, in ms; longer where a look itself takes long. */
const pause = 250;
/** Time in which nothing may change before a build begins, in ms: an editor empties a file before it fills it. */
const settling = 50;

/** Builds again and again, until a signal asks it to end. Throws a {@link UsageError} where the first build does. */
export async function buildAgain(
  files: readonly string[],
  flags: BuildFlags,
  terminal: Terminal,
  build: BuildOnce,
): Promise<ExitStatus> {
  if (flags.check === true) throw new UsageError('--watch writes what has changed, and --check writes nothing');
  if (flags.format === 'json') throw new UsageError('--watch goes on, and --format json is one object');
  refuseUnwatchable(files, [flags.host, flags.secretsFrom]);
  const asked = catchEndSignals();
  const look = createWatched(files, flags, flags.secretsFrom === undefined ? [] : [flags.secretsFrom]);
  for (let isFirst = true; !asked.aborted; isFirst = false) {
    // What changes while a build is at work is seen afterwards, and not lost; what it writes itself is no change.
    const base = new Map(await look());
    try {
      await build((file, text) => base.set(path.resolve(file), text === null ? isGone : contentOf(text)));
    } catch (error) {
      if (isFirst || !(error instanceof UsageError)) throw error;
      terminal.err(`bhyvec: ${error.message}\n`);
    }
    terminal.err(`watching ${counted(filesOf(base).length)}; Ctrl-C ends it\n`);
    const changed = await untilOther(base, look, asked);
    if (changed !== null) terminal.err(`\n${changed}\n`);
  }
  return exitStatus.done;
}

/** Waits until a look differs and is the same twice; gives what there is to say of it, null where it is to end. */
async function untilOther(base: Look, look: () => Promise<Look>, asked: AbortSignal): Promise<string | null> {
  let before = base;
  let wait = 0;
  for (;;) {
    if (!(await waited(wait, asked))) return null;
    const began = performance.now();
    const now = await look();
    if (!isSameLook(base, now) && isSameLook(before, now)) return differenceOf(base, now);
    wait = isSameLook(base, now) ? Math.max(pause, 10 * (performance.now() - began)) : settling;
    before = now;
  }
}

/** Whether the time has passed without a signal. */
async function waited(milliseconds: number, asked: AbortSignal): Promise<boolean> {
  try {
    await delay(milliseconds, undefined, { signal: asked });
    return true;
  } catch (error) {
    if (asked.aborted) return false;
    throw error;
  }
}

function differenceOf(base: Look, now: Look): string {
  const [first, ...others] = changedFiles(base, now);
  if (first === undefined) return 'the files have changed';
  const near = path.relative('.', first);
  const shown = printable(near.startsWith('..') ? first : near);
  return others.length === 0 ? `${shown} has changed` : `${shown} and ${String(others.length)} more have changed`;
}

function counted(count: number): string {
  return `${String(count)} file${count === 1 ? '' : 's'}`;
}
