/**
 * The folder beside the files of a build in which new ones are written, where nobody else can read them. Who has its lock
 * is the build. It also keeps notes of which files are ours, for the build after one that was killed: it alone knows them.
 */
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { readManifest, type KnownFile } from '../backends/known-manifest.ts';
import { manifestName } from '../backends/tree.ts';
import { identifyAnyhow, claimsOf, lock, Locked, type Release } from '../system/lock.ts';
import { createProcesses, exists } from '../system/processes.ts';
import { readRegular } from '../system/regular-file.ts';
import { errorCode } from '../system/trouble.ts';
import { largestFile } from '../text/limits.ts';
import { aboutFile, FolderProblem } from './problem.ts';

/** Its name. No guest has a name that begins with a dot. */
const stagingName = '.bhyvec-build';
/** The note of the build that is at work: its manifest. Those of killed builds before have a number. */
const noteName = manifestName;
const isNote = (name: string): boolean => /^manifest(?:[.]\d+)?[.]json$/.test(name);
const lockName = 'lock';
/** Where bhyvec 0.1.0 wrote the number of its process. */
const oldOwnerName = 'pid';

/** The folder, locked. */
export interface Staging {
  readonly path: string;
  /** Notes the manifest that is about to be placed: if the build is killed from here on, the next one finds it. */
  note(manifest: string): void;
  /** Gives it back and removes it; `known`: notes of killed builds before stay, they are still needed. */
  leave(known: boolean): void;
}

function pathOf(folder: string): string {
  return path.join(folder, stagingName);
}

/** Whether something stands in its place, which a build has left or which is at work. */
export function hasStaging(folder: string): boolean {
  return aboutFile(folder, () => lstatSync(pathOf(folder), { throwIfNoEntry: false })?.isDirectory() === true);
}

/** The files that notes know. One that cannot be read, or was written by halves, tells nothing. */
export function notedFiles(folder: string): readonly KnownFile[] {
  if (!hasStaging(folder)) return [];
  const staging = pathOf(folder);
  return namesIn(staging).flatMap((name) => {
    const text = isNote(name) ? readNote(path.join(staging, name)) : null;
    const known = text === null ? null : readManifest(text);
    return known !== null && 'files' in known ? known.files : [];
  });
}

/** A killed build may have left a folder that cannot be listed: it is told of when it is removed. */
function namesIn(staging: string): readonly string[] {
  try {
    return readdirSync(staging);
  } catch {
    return [];
  }
}

function readNote(file: string): string | null {
  try {
    const found = readRegular(file, largestFile);
    return found.kind === 'file' ? found.text : null;
  } catch {
    return null;
  }
}

/**
 * Enters the folder, which is made where it is missing, and removes what a killed build has left in it but its notes.
 * Throws a {@link FolderProblem}, of which {@link isBusy} tells whether another build is at work.
 */
export async function enterStaging(folder: string): Promise<Staging> {
  const staging = pathOf(folder);
  const release = await takeLock(folder, staging);
  const leave = (known: boolean): void => {
    const earlier = namesIn(staging).filter((name) => isNote(name) && name !== noteName);
    try {
      clear(staging, known ? earlier : []);
    } catch {
      // All is done: the next build tries again, and says what is in the way.
    }
    release();
    removeIfEmpty(staging);
  };
  try {
    aboutFile(staging, () => {
      chmodSync(staging, 0o700);
      clear(staging, readdirSync(staging).filter(isNote));
      const before = path.join(staging, noteName);
      if (existsSync(before)) renameSync(before, path.join(staging, freeNote(staging)));
    });
  } catch (error) {
    release();
    throw error;
  }
  return {
    path: staging,
    note(manifest) {
      aboutFile(staging, () => {
        // Whole or not at all: half a note would know nothing.
        const fresh = path.join(staging, 'note.new');
        writeFileSync(fresh, manifest, { mode: 0o600 });
        renameSync(fresh, path.join(staging, noteName));
      });
    },
    leave,
  };
}

async function takeLock(folder: string, staging: string): Promise<Release> {
  const identify = identifyAnyhow(createProcesses(process.env, 0));
  for (;;) {
    aboutFile(staging, () => {
      makeStaging(folder, staging);
    });
    try {
      return await lock({ prefix: path.join(staging, lockName), identify });
    } catch (error) {
      if (error instanceof Locked) removeIfEmpty(staging);
      if (error instanceof Locked) throw busy(folder, staging, error);
      // The build that was there has taken its folder away meanwhile.
      if (errorCode(error) === 'ENOENT') continue;
      aboutFile(staging, () => {
        throw error;
      });
    }
  }
}

function makeStaging(folder: string, staging: string): void {
  try {
    mkdirSync(staging, { mode: 0o700 });
    return;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
  const status = lstatSync(staging, { throwIfNoEntry: false });
  if (status?.isDirectory() === false) throw new FolderProblem(`${staging}: is not a directory: move it away`);
  const owner = Number(readNote(path.join(staging, oldOwnerName)) ?? '');
  if (Number.isInteger(owner) && owner > 0 && exists(owner)) throw busy(folder, staging, new Locked(owner));
}

function busy(folder: string, staging: string, cause: Locked): FolderProblem {
  const hint = `if process ${String(cause.pid)} is none, remove ${staging}`;
  return new FolderProblem(`${folder}: another build is writing there (${hint})`, { cause });
}

/** Removes all but claims, which belong to whoever made them, and what is kept. */
function clear(staging: string, kept: readonly string[]): void {
  const names = readdirSync(staging);
  // Looked at afterwards: a claim that comes meanwhile is not among the names.
  const claims = claimsOf(path.join(staging, lockName)).map(({ file }) => path.basename(file));
  for (const name of names) {
    if (kept.includes(name) || claims.includes(name)) continue;
    rmSync(path.join(staging, name), { recursive: true, force: true });
  }
}

function freeNote(staging: string): string {
  for (let number = 1; ; number += 1) {
    const name = noteName.replace('.json', `.${String(number)}.json`);
    if (!existsSync(path.join(staging, name))) return name;
  }
}

/** Removes a folder if nothing is in it; says whether it did. */
export function removeIfEmpty(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

/** Removes what a killed build has left; `known`: its notes are still needed. Nothing happens where a build is at work. */
export async function sweepStaging(folder: string, known: boolean): Promise<void> {
  if (!hasStaging(folder)) return;
  try {
    const staging = await enterStaging(folder);
    staging.leave(known);
  } catch (error) {
    if (!isBusy(error)) throw error;
  }
}

/** Whether another build is in the way. */
export function isBusy(error: unknown): boolean {
  return error instanceof FolderProblem && error.cause instanceof Locked;
}
