/**
 * `bhyvec rehearse`: runs the launchers of a build on stand-in hosts that have all that the manifest says, one for each
 * guest. Each guest boots and powers off; the host's commands are printed; in the end the host is to be as it was.
 */
import { printable } from '../../diagnostics/printable.ts';
import { nearest } from '../../diagnostics/nearest.ts';
import { releases } from '../../host/releases.ts';
import { readGuestFiles, readSharedFiles } from '../../rehearsal/files.ts';
import type { HostNeeds } from '../../rehearsal/host.ts';
import { chooseGuests, readBuild } from '../../rehearsal/manifest.ts';
import { rehearseAll } from '../../rehearsal/rehearse-all.ts';
import type { Rehearsal } from '../../rehearsal/rehearse-guest.ts';
import { defaultWidth, rehearsalsJson, rehearsalText } from '../../rehearsal/story.ts';
import { FolderProblem } from '../../build/problem.ts';
import type { RehearseFlags } from '../options.ts';
import { exitStatus, UsageError, type ExitStatus, type Terminal } from '../../system/terminal.ts';

/** Runs `bhyvec rehearse`. Throws a {@link UsageError}. */
export async function runRehearse(
  folder: string,
  names: readonly string[],
  flags: RehearseFlags,
  terminal: Terminal,
): Promise<ExitStatus> {
  const limit = secondsOf(flags.limit);
  if (flags.release !== undefined && !isRelease(flags.release)) throw new UsageError(unknownRelease(flags.release));
  try {
    const build = readBuild(folder);
    const release = flags.release ?? build.release;
    if (release === null) {
      throw new FolderProblem(`${build.target} does not say which release it has: name one with --release`);
    }
    if (!isRelease(release)) throw new FolderProblem(`${folder}/manifest.json: ${unknownRelease(release)}`);
    const guests = chooseGuests(build, names);
    terminal.doing = `rehearsing ${folder}`;
    const reading = { folder, edited: flags.edited === true };
    const shared = readSharedFiles(build, reading);
    const needs = guests.map((guest): HostNeeds => ({
      guest,
      files: readGuestFiles(guest, reading),
      shared,
      release,
      limit,
    }));
    return await show(rehearseAll(needs), flags, limit, terminal);
  } catch (error) {
    if (!(error instanceof FolderProblem)) throw error;
    terminal.err(`bhyvec: ${error.message.split('\n').map(printable).join('\n')}\n`);
    return exitStatus.mistakes;
  }
}

function secondsOf(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new UsageError(`--limit: '${text}' is not a number of seconds from 1 to 99999`);
}

function isRelease(release: string): boolean {
  return releases.some((known) => known === release);
}

function unknownRelease(release: string): string {
  const near = nearest(release, releases);
  const hint = near === null ? '' : `did you mean ${near}? `;
  return `not a FreeBSD release: ${release}; ${hint}known are ${releases.join(', ')}`;
}

async function show(
  all: readonly Promise<Rehearsal>[],
  flags: RehearseFlags,
  limit: number,
  terminal: Terminal,
): Promise<ExitStatus> {
  const done: Rehearsal[] = [];
  try {
    for (const one of all) {
      const rehearsal = await one;
      done.push(rehearsal);
      if (flags.format === 'json' || (flags.quiet === true && rehearsal.isGood)) continue;
      await terminal.out(rehearsalText(rehearsal, terminal.columns ?? defaultWidth, limit));
    }
  } finally {
    // Nothing is left behind, whatever the first problem was.
    await Promise.allSettled(all);
  }
  const good = done.filter(({ isGood }) => isGood).length;
  const isGood = good === done.length;
  if (flags.format === 'json') await terminal.out(rehearsalsJson(done, limit));
  else if (flags.quiet !== true || !isGood) {
    await terminal.out(`${String(good)} of ${String(done.length)} guests went well\n`);
  }
  return isGood ? exitStatus.done : exitStatus.mistakes;
}
