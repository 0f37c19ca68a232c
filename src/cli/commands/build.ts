/** `bhyvec build`: a folder for each guest with all that runs it; with --check a diff of what would change. */
import path from 'node:path';
import { backends, backendNames } from '../../backends/index.ts';
import type { GuestChange } from '../../changes/compare.ts';
import { printable } from '../../diagnostics/printable.ts';
import { renderSummary } from '../../diagnostics/render.ts';
import { sweepLockFile, writeLockFile } from '../../documents/lock-file.ts';
import type { Together } from '../../documents/documents.ts';
import type { Job } from '../../documents/jobs.ts';
import { lockDifference, nextLock, type NextLock } from '../../documents/next-lock.ts';
import type { Changes, NamedFile } from '../../build/folder.ts';
import { aboutFile, FolderProblem } from '../../build/problem.ts';
import type { BuildFlags } from '../options.ts';
import { exitStatus, UsageError, type ExitStatus, type Terminal } from '../../system/terminal.ts';
import { readPasswords, reportUnusedPasswords } from '../../documents/passwords.ts';
import { replaceFiles } from '../../build/replace-files.ts';
import { hasStaging, isBusy, sweepStaging } from '../../build/staging.ts';
import { beyondGit } from '../../build/show-changes.ts';
import { createBuildMemory, treeOf, type BuildMemory, type BuildTree } from './build-memory.ts';
import { openReport, type BuildReport, type HostReport } from './build-report.ts';
import { compileHosts, type CompiledHost } from './compile-hosts.ts';
import { guestChanges, guestsWithPassword } from './guest-changes.ts';
import { networkChanges } from './network-changes.ts';
import { volumeChanges } from './volume-changes.ts';
import type { LockWritten } from './watch.ts';

/** One host with the folder that it is built into. */
interface Work extends CompiledHost {
  readonly output: string;
  readonly lock: NextLock | null;
  readonly files: BuildTree;
  /** What the guests become; none where their plans are not among the files. */
  readonly guests: (changes: Changes<NamedFile>) => readonly GuestChange[];
}

/** Runs `bhyvec build`. */
export async function runBuild(files: readonly string[], flags: BuildFlags, terminal: Terminal): Promise<ExitStatus> {
  if (flags.output === '') throw new UsageError('the name of the folder is empty');
  const chosen = chooseBackends(flags.backend);
  const once = (written: LockWritten, known: BuildMemory | null): Promise<ExitStatus> =>
    buildOnce(files, { ...flags, chosen }, terminal, written, known);
  if (flags.watch !== true) return once(() => undefined, null);
  const { buildAgain } = await import('./watch.ts');
  const known = createBuildMemory();
  return buildAgain(files, flags, terminal, (written) => once(written, known));
}

async function buildOnce(
  files: readonly string[],
  { chosen, ...flags }: BuildFlags & { readonly chosen: typeof backends },
  terminal: Terminal,
  written: LockWritten,
  known: BuildMemory | null,
): Promise<ExitStatus> {
  if (flags.format === 'json') terminal.progress = null;
  known?.guests.begin();
  const passwords =
    flags.secretsFrom === undefined ? new Map<string, string>() : await readPasswords(flags.secretsFrom, terminal);
  if (passwords === null) return exitStatus.mistakes;
  const report = openReport(flags.format ?? 'text', terminal);
  const { tally, hosts } = await compileHosts(files, flags, terminal, {
    options: { passwords },
    memory: known?.guests ?? null,
    demand(jobs) {
      for (const job of jobs) outputOf(job, jobs.length, flags);
    },
    // A checkout has no passwords: whether it is up to date can be said without them.
    async passwordsOf(job) {
      const isAsked = flags.check === true && flags.secretsFrom === undefined;
      return Promise.resolve(isAsked ? guestsWithPassword(outputOf(job, 1, flags)) : new Set());
    },
    show: (diagnostics) => report.findings(diagnostics),
    tell: (problem) => {
      report.problem(problem);
    },
  });
  const stop = async (): Promise<ExitStatus> => {
    if (flags.check !== true) report.say('bhyvec: nothing was written\n');
    await report.end(false);
    return exitStatus.mistakes;
  };
  if (tally.errors > 0) {
    if (tally.files > 0) report.say(renderSummary(tally));
    return stop();
  }
  const works = hosts.map((host) => workOf(host, outputOf(host.job, hosts.length, flags), flags, chosen, known));
  if (flags.secretsFrom !== undefined) {
    const plans = hosts.flatMap((host) => host.plans);
    reportUnusedPasswords(flags.secretsFrom, passwords, plans, terminal);
  }
  const changed = flags.locked === true ? works.filter(({ lock }) => lock !== null && lock.after !== lock.before) : [];
  for (const { lock } of changed) if (lock !== null) refuseUnlocked(lock, report);
  if (changed.length > 0) return stop();
  let status: ExitStatus = exitStatus.done;
  try {
    for (const work of works) {
      if (flags.check !== true) await withLock(work.lock, written, () => write(work, report, terminal));
      else if (!(await showChanges(work, report))) status = exitStatus.mistakes;
    }
  } catch (error) {
    if (!(error instanceof FolderProblem)) throw error;
    report.problem(printable(error.message));
    return stop();
  }
  await report.end(flags.check !== true);
  return status;
}

/** The folder that a host is built into. */
function outputOf(job: Job, count: number, flags: BuildFlags): string {
  if (flags.output !== undefined && count > 1)
    throw new UsageError('--output is for one host: name it with --host, or leave it to the project');
  const output = flags.output ?? job.output;
  if (output === null) throw new UsageError("which folder? Name it with '--output'");
  return output;
}

function workOf(
  host: CompiledHost,
  output: string,
  flags: BuildFlags,
  chosen: typeof backends,
  known: BuildMemory | null,
): Work {
  const { job, together, plans } = host;
  return {
    ...host,
    output,
    files: treeOf(plans, together, chosen, known?.folder(output) ?? null),
    lock: nextLock(together, job.settings.options.dialect, flags.prune === true),
    guests: (changes) =>
      chosen.some(({ name }) => name === 'plan') ? guestChanges(output, plans, changes, false) : [],
  };
}

function chooseBackends(list: string | undefined): typeof backends {
  if (list === undefined) return backends;
  const names = list.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !backendNames.includes(name));
  if (wrong !== undefined) throw new UsageError(`there is no backend '${wrong}'; there are ${backendNames.join(', ')}`);
  return backends.filter(({ name }) => names.includes(name));
}

async function write(
  { output, job, lock, plans, together, files, guests }: Work,
  report: BuildReport,
  terminal: Terminal,
): Promise<void> {
  terminal.doing = `writing ${output}`;
  terminal.progress?.(`writing ${printable(output)}`);
  const found = files.standing(output);
  // What is as it should be is not touched, nor locked. Under the lock we look again: another build may have been here.
  const isDone = found !== null && countOf(found) === 0;
  const replaced = (): Promise<Changes<NamedFile>> => replaceFiles(output, (take) => files.replace(output, take));
  const done = isDone && !hasStaging(output) ? found : await replaced().catch(ifNeeded);
  files.written();
  reportKept(output, done, 'it stays', report);
  const name = job.host === null ? '' : `${job.host}: `;
  report.say(`${name}${contents(plans.length, together)} in ${output}, ${counted(countOf(done), 'file')} changed\n`);
  const become = {
    guests: guests(done),
    networks: networkChanges(together.networks, done),
    volumes: volumeChanges(done),
  };
  report.host({ host: job.host, output, lock, changes: done, ...become });

  /** Where nothing was to be changed, another build may well be at work. */
  function ifNeeded(error: unknown): Changes<NamedFile> {
    if (isDone && isBusy(error)) return found;
    throw error;
  }
}

/** The lock stands before anything is made of it, so that a build that is killed places nothing elsewhere the next time. */
async function withLock(lock: NextLock | null, written: LockWritten, work: () => Promise<void>): Promise<void> {
  if (lock !== null)
    aboutFile(lock.path, () => {
      sweepLockFile(lock.path);
    });
  if (lock === null || lock.after === lock.before) return work();
  const put = (text: string | null): void => {
    aboutFile(lock.path, () => {
      writeLockFile(lock.path, text);
    });
    written(lock.path, text);
  };
  put(lock.after);
  try {
    await work();
  } catch (error) {
    put(lock.before);
    throw error;
  }
}

function refuseUnlocked(lock: NextLock, report: BuildReport): void {
  report.problem(`${lock.path} would change, which --locked forbids:`);
  for (const line of lockDifference(lock)) report.say(`  ${line}\n`);
  report.say('bhyvec: build without --locked, and commit the lock\n');
}

/** Shows what would change; false where anything would. */
async function showChanges(
  { output, job, lock, together, files, guests, assumed }: Work,
  report: BuildReport,
): Promise<boolean> {
  const changes = beyondGit(files.look(output), assumed);
  if (assumed.size > 0)
    report.say(
      `the passwords of ${[...assumed].map(printable).join(', ')} are not given: they are taken for unchanged\n`,
    );
  const isLocked = lock === null || lock.after === lock.before;
  const become = {
    guests: guests(changes),
    networks: networkChanges(together.networks, changes),
    volumes: volumeChanges(changes),
  };
  const host: HostReport = { host: job.host, output, lock, changes, ...become };
  await report.differences(lock, changes);
  reportKept(output, changes, 'it would stay', report);
  await sweep(output, changes, report);
  if (!isLocked) report.say(`${lock.path} is not up to date\n`);
  if (countOf(changes) > 0)
    report.say(`${output} is not up to date: ${counted(countOf(changes), 'file')} would change\n`);
  report.host(host);
  return isLocked && countOf(changes) === 0;
}

/** What a killed build has left is none of its files, and may hold secrets: it goes, though nothing else is written. */
async function sweep(folder: string, changes: Changes, report: BuildReport): Promise<void> {
  try {
    // An empty folder of a guest that is gone is known by the notes alone, and goes with the next build.
    await sweepStaging(folder, countOf(changes) > 0 || changes.folders.length > 0);
  } catch (error) {
    if (!(error instanceof FolderProblem)) throw error;
    report.problem(printable(error.message));
  }
}

function reportKept(folder: string, { keep }: Changes<NamedFile>, what: string, report: BuildReport): void {
  for (const file of keep) {
    const shown = printable(path.join(folder, file));
    report.problem(`${shown} belongs to no guest or network any more, but was changed by hand: ${what}`);
  }
}

function countOf({ write: written, remove }: Changes<NamedFile>): number {
  return written.length + remove.length;
}

/** `2 guests, 1 network and 5 volumes`. */
function contents(guests: number, { networks, storage }: Together): string {
  const others = [
    ...(networks.length === 0 ? [] : [counted(networks.length, 'network')]),
    ...(storage.volumes.length === 0 ? [] : [counted(storage.volumes.length, 'volume')]),
  ];
  const all = [counted(guests, 'guest'), ...others];
  return all.length === 1 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1) ?? ''}`;
}

function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}
