/** The files of a guest's turn: its launcher and what belongs to it, written whole; and the log of what it says. */
import {
  chmodSync,
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { contentOf, type Artefact } from '../backends/backend.ts';
import type { LaunchPaths } from './paths.ts';
import { errorCode, reasonOf } from '../system/trouble.ts';

/** The XML of the guest for its hooks, without secrets. */
export const hookXml = 'domain.xml';

/** A log that is longer is put aside when the guest starts. */
const rotateAt = 1024 * 1024;

/** The report of a turn that did not begin. */
const voidText = 'void\n';

/** A process that was asked to become a launcher has its words after so many milliseconds. */
const lateLauncher = 60_000;

/**
 * Writes the files of a turn in the place of those that were there. The launcher gets its name last: where it is, all are,
 * whenever this supervisor is killed.
 */
export function writeGuestFiles(paths: LaunchPaths, guest: string, artefacts: readonly Artefact[], xml: string): void {
  const folder = paths.guest(guest);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const launcher = paths.launcher(guest);
  const unnamed = `${launcher}.new`;
  for (const artefact of artefacts) {
    const { path: name, mode } = artefact;
    const target = path.join(folder, name);
    const file = target === launcher ? unnamed : target;
    writeFileSync(file, contentOf(artefact), { mode, flag: 'wx' });
    // What the mask of the process took away, if it did.
    chmodSync(file, mode);
  }
  writeFileSync(path.join(folder, hookXml), xml, { mode: 0o600, flag: 'wx' });
  renameSync(unnamed, launcher);
}

/** Whether the files of a turn are there. */
export function hasGuestFiles(paths: LaunchPaths, guest: string): boolean {
  return existsSync(paths.launcher(guest));
}

/** Removes the files of a guest's turn. */
export function removeGuestFiles(paths: LaunchPaths, guest: string): void {
  rmSync(paths.guest(guest), { recursive: true, force: true });
}

/** Removes the report of a turn; a void one stays, for a launcher that comes late must find it. */
export function removeReport(paths: LaunchPaths, guest: string, turn: number): void {
  const file = paths.report(guest, turn);
  if (existsSync(file) && readFileSync(file, 'utf8') !== voidText) rmSync(file, { force: true });
}

/**
 * Removes what is left of turns that are over: reports, and the files of guests that have none. The report of a launcher
 * that may still come late stays.
 * @param commands of all processes of the host
 */
export function sweep(
  paths: LaunchPaths,
  commands: readonly string[],
  isCurrent: (guest: string, turn: number | null) => boolean,
): void {
  for (const name of readdirSync(paths.reports)) {
    const [, guest = '', turn = ''] = /^(.*)\.(\d+)$/.exec(name) ?? [];
    const file = path.join(paths.reports, name);
    const isOld = Date.now() - statSync(file).mtimeMs > lateLauncher;
    const isAwaited = commands.some((command) => command.endsWith(`${paths.launcher(guest)} once ${turn}`));
    if (isOld && !isAwaited && !isCurrent(guest, Number(turn))) rmSync(file, { force: true });
  }
  for (const guest of readdirSync(paths.guests)) {
    if (!isCurrent(guest, null)) removeGuestFiles(paths, guest);
  }
}

/**
 * Writes the report of a turn whose launcher was never started, so that one that comes late finds it and does nothing.
 * @returns false where there is a report already
 */
export function voidReport(paths: LaunchPaths, guest: string, turn: number): boolean {
  try {
    writeFileSync(paths.report(guest, turn), voidText, { mode: 0o600, flag: 'wx' });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Throws where a launcher could not write its report: then nobody would know what its guest does. */
export function probeReports(paths: LaunchPaths): void {
  const probe = `${paths.reports}/probe`;
  try {
    writeFileSync(probe, 'x'.repeat(1024), { mode: 0o600 });
    rmSync(probe);
  } catch (error) {
    throw new Error(`no report can be written below ${paths.reports}: ${reasonOf(error)}`, { cause: error });
  }
}

/** Opens the log of a guest for appending; a long one is put aside as `NAME.log.1` first where `rotate` says so. */
export function openOutput(paths: LaunchPaths, guest: string, rotate: boolean): number {
  const file = paths.output(guest);
  mkdirSync(paths.log, { recursive: true, mode: 0o750 });
  if (rotate && existsSync(file) && statSync(file).size > rotateAt) renameSync(file, `${file}.1`);
  return openSync(file, 'a', 0o600);
}

/** The last line that was written to a log from a place on, without the guest's name before it; null where there is none. */
export function lastLineFrom(paths: LaunchPaths, guest: string, from: number): string | null {
  const most = 4096;
  let descriptor: number;
  try {
    descriptor = openSync(paths.output(guest), 'r');
  } catch {
    return null;
  }
  try {
    const { size } = fstatSync(descriptor);
    const bytes = Buffer.alloc(Math.min(most, Math.max(0, size - from)));
    readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
    const line = bytes.toString('utf8').trimEnd().split('\n').at(-1) ?? '';
    if (line === '') return null;
    return line.startsWith(`${guest}: `) ? line.slice(guest.length + 2) : line;
  } finally {
    closeSync(descriptor);
  }
}
