/**
 * `bhyvec rehearse`: runs the scripts of a build on stand-in hosts that have all that the manifest says, one for each guest, one
 * for guests that share networks, and one for the script that makes volumes. Each guest boots and powers off, while its networks are up; the host's commands are
 * printed; in the end the host is to be as it was.
 */
import { printable } from '../../diagnostics/printable.ts';
import { nearest } from '../../diagnostics/nearest.ts';
import { releases } from '../../host/releases.ts';
import { readSharedFiles, readUnitFiles } from '../../rehearsal/files.ts';
import type { HostNeeds } from '../../rehearsal/host.ts';
import { chooseGuests, readBuild } from '../../rehearsal/manifest.ts';
import { rehearseAll } from '../../rehearsal/rehearse-all.ts';
import type { Rehearsal } from '../../rehearsal/rehearse-host.ts';
import { networksOf, unitsOf } from '../../rehearsal/units.ts';
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
    const networks = names.length === 0 ? build.networks : networksOf(guests, build.networks);
    const volumes = names.length === 0 ? build.volumes : null;
    const needs = unitsOf(guests, networks, volumes).map((unit): HostNeeds => ({
      unit,
      folders: readUnitFiles(unit, reading),
      ...{ shared, release, limit },
    }));
    return await show(rehearseAll(guests, needs), flags, limit, terminal);
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
  const isGood = done.every((one) => one.isGood);
  if (flags.format === 'json') await terminal.out(rehearsalsJson(done, limit));
  else if (flags.quiet !== true || !isGood) await terminal.out(`${countsText(done)} went well\n`);
  return isGood ? exitStatus.done : exitStatus.mistakes;
}

function countsText(done: readonly Rehearsal[]): string {
  const words = { guest: 'guests', network: 'networks', volumes: 'scripts of volumes' } as const;
  const counts = (['guest', 'network', 'volumes'] as const).flatMap((wanted) => {
    const all = done.filter(({ kind }) => kind === wanted);
    const good = all.filter(({ isGood }) => isGood).length;
    return all.length === 0 ? [] : [`${String(good)} of ${String(all.length)} ${words[wanted]}`];
  });
  return counts.length === 0 ? '0 of 0 guests' : counts.join(' and ');
}
