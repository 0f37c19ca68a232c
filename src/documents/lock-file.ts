/**
 * `bhyvec.lock` on the disk: beside the XML files of a command, or above them; read by all commands that compile, written by
 * `build` and by `lock`.
 */
import { existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { exists } from '../system/processes.ts';
import type { Hardware } from '../ir/hardware.ts';
import { lockName, readLock } from '../hardware/lock-text.ts';
import { problemOf } from '../system/file-problems.ts';
import { readRegular } from '../system/regular-file.ts';
import { nearestAbove } from '../system/upwards.ts';
import { largestFile } from '../text/limits.ts';
import type { Input, InputProblem } from './inputs.ts';

/** The lock of the host that a command is about. */
export interface LockFile {
  /** Its path, whether the file is there or not; null where nothing is locked. */
  readonly path: string | null;
  /** Its text; null where there is no file yet. */
  readonly text: string | null;
  readonly hardware: Hardware;
}

/** Why a lock cannot be used. */
export interface LockProblem {
  readonly problem: string;
}

/** Where nothing is locked. */
export const noLock: LockFile = { path: null, text: null, hardware: new Map() };

/** The lock for documents, as `--lock` and `--no-lock` ask for it. */
export function lockOf(
  inputs: readonly (Input | InputProblem)[],
  { lock }: { readonly lock: string | false | null },
): LockFile | LockProblem {
  if (lock === false) return noLock;
  const file = lock ?? lockPathOf(inputs.flatMap((input) => ('problem' in input ? [] : input)));
  return file === null ? noLock : readLockFile(file);
}

/**
 * Finds the lock for documents: the nearest one above the folder that holds them all, else the place for one in that folder.
 * Null where no document is a file.
 */
export function lockPathOf(inputs: readonly Input[]): string | null {
  const folders = inputs.flatMap(({ path: file }) => (file === null ? [] : [path.dirname(path.resolve(file))]));
  const [first, ...others] = folders;
  if (first === undefined) return null;
  const common = others.reduce(sharedFolder, first);
  return relativePath(nearestAbove(lockName, common) ?? path.join(common, lockName));
}

function sharedFolder(one: string, other: string): string {
  const [parts, others] = [one.split(path.sep), other.split(path.sep)];
  const end = parts.findIndex((part, i) => part !== others[i]);
  return end < 0 ? one : parts.slice(0, end).join(path.sep) || path.sep;
}

/** As people would write it: relative where it is below the working folder. */
function relativePath(file: string): string {
  const relative = path.relative('.', file);
  return relative.startsWith('..') ? file : relative;
}

/** Reads a lock; one that is missing is empty. */
export function readLockFile(file: string): LockFile | LockProblem {
  try {
    if (lstatSync(file, { throwIfNoEntry: false }) === undefined)
      return { path: file, text: null, hardware: new Map() };
    const found = readRegular(file, largestFile);
    if (found.kind !== 'file') return { problem: `${file}: is ${found.kind === 'large' ? 'too large' : 'not a file'}` };
    const read = readLock(found.text);
    if ('hardware' in read) return { path: file, text: found.text, hardware: read.hardware };
    const place = read.line === null ? file : `${file}:${String(read.line)}`;
    return { problem: `${place}: ${read.problem}` };
  } catch (error) {
    return problemOf(file, error);
  }
}

/** Removes what a build that was killed while it wrote the lock has left beside it. What cannot be removed stays. */
export function sweepLockFile(file: string): void {
  const [folder, start] = [path.dirname(file), `${path.basename(file)}.`];
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder).filter((one) => one.startsWith(start))) {
    const [, pid] = /^(\d+)\.new$/.exec(name.slice(start.length)) ?? [];
    if (pid !== undefined && !exists(Number(pid))) rmSync(path.join(folder, name), { force: true });
  }
}

/** Writes a lock, whole or not at all; null removes it. What the file system says against it is thrown. */
export function writeLockFile(file: string, text: string | null): void {
  if (text === null) {
    rmSync(file, { force: true });
    return;
  }
  const fresh = `${file}.${String(process.pid)}.new`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    const mode = (statSync(file, { throwIfNoEntry: false })?.mode ?? 0o644) & 0o777;
    writeFileSync(fresh, text, { mode });
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}
