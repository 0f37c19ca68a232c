/** `bhyvec build`: a folder for each guest with all that runs it; with --check a diff of what would change. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { backends, backendNames } from '../../backends/index.ts';
import { emitBuild } from '../../backends/emit.ts';
import { checkGuests } from '../../compile.ts';
import { printable } from '../../diagnostics/printable.ts';
import { renderSummary } from '../../diagnostics/render.ts';
import type { Plan } from '../../ir/plan.ts';
import {
  compileTogether,
  createTally,
  printDiagnostics,
  settingsOf,
  type Together,
} from '../../documents/documents.ts';
import { writeLockFile } from '../../documents/lock-file.ts';
import { lockDifference, nextLock, type NextLock } from '../../documents/next-lock.ts';
import { changesOf, type Changes } from '../../build/folder.ts';
import { aboutFile, FolderProblem } from '../../build/problem.ts';
import type { BuildFlags } from '../options.ts';
import { exitStatus, UsageError, type ExitStatus, type Terminal } from '../../system/terminal.ts';
import { readPasswords, reportUnusedPasswords } from '../../documents/passwords.ts';
import { replaceFiles } from '../../build/replace-files.ts';
import { hasStaging, isBusy, sweepStaging } from '../../build/staging.ts';
import { beyondGit, diffOfText, diffsOf } from '../../build/show-changes.ts';

/** Runs `bhyvec build`. */
export async function runBuild(files: readonly string[], flags: BuildFlags, terminal: Terminal): Promise<ExitStatus> {
  if (flags.output === '') throw new UsageError('the name of the folder is empty');
  const chosen = chooseBackends(flags.backend);
  const settings = await settingsOf(flags, terminal);
  const passwords =
    flags.secretsFrom === undefined ? new Map<string, string>() : await readPasswords(flags.secretsFrom, terminal);
  if (settings === null || passwords === null) return exitStatus.mistakes;
  const compiled = await compilePlans(files, { ...settings, options: { ...settings.options, passwords } }, terminal);
  if (compiled === null) return exitStatus.mistakes;
  const { plans, together } = compiled;
  const lock = nextLock(together, settings.options.dialect, flags.prune === true);
  if (flags.secretsFrom !== undefined) reportUnusedPasswords(flags.secretsFrom, passwords, plans, terminal);
  if (flags.locked === true && lock !== null && lock.after !== lock.before) return refuseUnlocked(lock, terminal);
  const look = (): Changes => changesOf(flags.output, emitBuild(plans, sha256, chosen), sha256);
  try {
    return flags.check === true
      ? await showChanges(flags.output, beyondGit(look()), lock, terminal)
      : await withLock(lock, () => write(flags.output, plans.length, look, terminal));
  } catch (error) {
    if (!(error instanceof FolderProblem)) throw error;
    terminal.err(`bhyvec: ${printable(error.message)}\n${flags.check === true ? '' : 'bhyvec: nothing was written\n'}`);
    return exitStatus.mistakes;
  }
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function chooseBackends(list: string | undefined): typeof backends {
  if (list === undefined) return backends;
  const names = list.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !backendNames.includes(name));
  if (wrong !== undefined) throw new UsageError(`there is no backend '${wrong}'; there are ${backendNames.join(', ')}`);
  return backends.filter(({ name }) => names.includes(name));
}

/** The plans of all guests; null after an error, which has been shown. */
async function compilePlans(
  files: readonly string[],
  settings: NonNullable<Awaited<ReturnType<typeof settingsOf>>>,
  terminal: Terminal,
): Promise<{ readonly plans: readonly Plan[]; readonly together: Together } | null> {
  const tally = createTally();
  const plans: Plan[] = [];
  const together = await compileTogether(files, settings, terminal);
  for (const outcome of together.outcomes) {
    tally.add(outcome);
    if (outcome.kind === 'problem') terminal.err(`bhyvec: ${printable(outcome.problem)}\n`);
    else {
      printDiagnostics(outcome.diagnostics, terminal);
      if (outcome.compilation?.plan != null) plans.push(outcome.compilation.plan);
    }
  }
  const findings = tally.errors === 0 ? checkGuests(plans, settings.options) : [];
  printDiagnostics(findings, terminal);
  tally.addFindings(findings);
  if (tally.errors === 0) return { plans, together };
  terminal.err(renderSummary(tally));
  terminal.err('bhyvec: nothing was written\n');
  return null;
}

async function write(folder: string, guests: number, look: () => Changes, terminal: Terminal): Promise<ExitStatus> {
  terminal.doing = `writing ${folder}`;
  const found = look();
  // What is as it should be is not touched, nor locked. Under the lock we look again: another build may have been here.
  const isDone = countOf(found) === 0;
  const done = isDone && !hasStaging(folder) ? found : await replaceFiles(folder, look).catch(ifNeeded);
  reportKept(folder, done, 'it stays', terminal);
  terminal.err(`${counted(guests, 'guest')} in ${folder}, ${counted(countOf(done), 'file')} changed\n`);
  return exitStatus.done;

  /** Where nothing was to be changed, another build may well be at work. */
  function ifNeeded(error: unknown): Changes {
    if (isDone && isBusy(error)) return found;
    throw error;
  }
}

/** The lock stands before anything is made of it, so that a build that is killed places nothing elsewhere the next time. */
async function withLock(lock: NextLock | null, work: () => Promise<ExitStatus>): Promise<ExitStatus> {
  if (lock === null || lock.after === lock.before) return work();
  aboutFile(lock.path, () => {
    writeLockFile(lock.path, lock.after);
  });
  try {
    return await work();
  } catch (error) {
    aboutFile(lock.path, () => {
      writeLockFile(lock.path, lock.before);
    });
    throw error;
  }
}

function refuseUnlocked(lock: NextLock, terminal: Terminal): ExitStatus {
  terminal.err(`bhyvec: ${lock.path} would change, which --locked forbids:\n`);
  for (const line of lockDifference(lock)) terminal.err(`  ${line}\n`);
  terminal.err('bhyvec: nothing was written; build without --locked, and commit the lock\n');
  return exitStatus.mistakes;
}

async function showChanges(
  folder: string,
  changes: Changes,
  lock: NextLock | null,
  terminal: Terminal,
): Promise<ExitStatus> {
  const isLocked = lock === null || lock.after === lock.before;
  if (!isLocked) await terminal.out(diffOfText(lock.path, lock.before, lock.after));
  for (const diff of diffsOf(changes)) await terminal.out(diff);
  reportKept(folder, changes, 'it would stay', terminal);
  await sweep(folder, changes, terminal);
  if (!isLocked) terminal.err(`${lock.path} is not up to date\n`);
  if (countOf(changes) === 0) return isLocked ? exitStatus.done : exitStatus.mistakes;
  terminal.err(`${folder} is not up to date: ${counted(countOf(changes), 'file')} would change\n`);
  return exitStatus.mistakes;
}

/** What a killed build has left is none of its files, and may hold secrets: it goes, though nothing else is written. */
async function sweep(folder: string, changes: Changes, terminal: Terminal): Promise<void> {
  try {
    // An empty folder of a guest that is gone is known by the notes alone, and goes with the next build.
    await sweepStaging(folder, countOf(changes) > 0 || changes.folders.length > 0);
  } catch (error) {
    if (!(error instanceof FolderProblem)) throw error;
    terminal.err(`bhyvec: ${printable(error.message)}\n`);
  }
}

function reportKept(folder: string, { keep }: Changes, what: string, terminal: Terminal): void {
  for (const file of keep) {
    const shown = path.join(folder, file);
    terminal.err(`bhyvec: ${printable(shown)} belongs to no guest any more, but was changed by hand: ${what}\n`);
  }
}

function countOf({ write: written, remove }: Changes): number {
  return written.length + remove.length;
}

function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}
