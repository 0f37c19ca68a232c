/**
 * The folder that a build writes into: what is in it, and which of our files may be written and removed. Links below the
 * folder are not followed: what they name is not ours.
 */
import { lstatSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Artefact, Hash } from '../backends/backend.ts';
import { nothingKnown, readManifest, type KnownFile } from '../backends/known-manifest.ts';
import { hashedContent, isBinary, manifestName } from '../backends/tree.ts';
import { readRegular } from '../system/regular-file.ts';
import { largestFile } from '../text/limits.ts';
import { aboutFile, FolderProblem } from './problem.ts';
import { notedFiles } from './staging.ts';

/** A file as it is; null where there is none. */
export interface Present {
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly mode: number;
}

/** A file of which no more is known than what is told of it; its text where it is that of no guest. */
export type NamedFile = Pick<Artefact, 'path' | 'mode' | 'secret'> & Partial<Pick<Artefact, 'text'>>;

/** A file that is to be written, or one that waits beside its place. */
export interface Write<File extends NamedFile = Artefact> {
  readonly file: File;
  readonly before: Present | null;
}

/** A file of an earlier build that no guest has any more. */
export interface Removal {
  readonly path: string;
  readonly before: Present;
  readonly secret: boolean;
}

/** What is to change in the folder. */
export interface Changes<File extends NamedFile = Artefact> {
  /** The manifest is the last one. */
  readonly write: readonly Write<File>[];
  readonly remove: readonly Removal[];
  /** Files like those to be removed that somebody has changed since. */
  readonly keep: readonly string[];
  /** Folders that have had such files: those that are empty then are removed. */
  readonly folders: readonly string[];
}

/** Compares what is to be in the folder with what is there. Throws a {@link FolderProblem}. */
export function changesOf(folder: string, files: Iterable<Artefact>, sha256: Hash): Changes {
  return takeChanges(folder, files, sha256, [], (write) => write);
}

/**
 * The same where each change is taken as it is found, and no more of it is kept than `take` gives: files may be made one by one.
 * What stays as it is is not kept, either.
 * @param standing further files that are there as they are to be
 */
export function takeChanges<File extends NamedFile>(
  folder: string,
  files: Iterable<Artefact>,
  sha256: Hash,
  standing: Iterable<string>,
  take: (write: Write) => Write<File>,
): Changes<File> {
  demandFolder(folder);
  const known = new Map<string, readonly KnownFile[]>();
  for (const file of knownFiles(folder)) known.set(file.path, [...(known.get(file.path) ?? []), file]);
  const wanted = new Set(standing);
  const write: Write<File>[] = [];
  const foreign: string[] = [];
  for (const file of files) {
    wanted.add(file.path);
    const before = readPresent(folder, file.path);
    if (isAsItIsToBe(before, file)) continue;
    const isNobodys = before !== null && !holdsSame(before, file) && !known.has(file.path);
    if (isNobodys && file.path !== manifestName) foreign.push(file.path);
    if (foreign.length === 0) write.push(take({ file, before }));
  }
  refuseForeign(folder, foreign);
  const stale = [...known].flatMap(([file, same]) => {
    const before = wanted.has(file) ? null : readIfFile(folder, file);
    const secret = same.some((one) => one.secret);
    // A build that was killed may have written it, or may not have come to it.
    return before === null ? [] : [{ path: file, before, secret, isOurs: same.some((one) => isOurs(one, before)) }];
  });
  return {
    write,
    remove: stale.filter((one) => one.isOurs),
    keep: stale.filter((one) => !one.isOurs).map((one) => one.path),
    folders: foldersOf([...known.keys()].filter((file) => !wanted.has(file))),
  };

  function isOurs({ path: name, secret, sha256: known }: KnownFile, { text, bytes }: Present): boolean {
    const content = isBinary(name) ? { text: '', bytes } : { text };
    return sha256(hashedContent({ path: name, secret, ...content })) === known;
  }
}

/** Refuses what stands in the place of the folder. Throws a {@link FolderProblem}. */
export function demandFolder(folder: string): void {
  aboutFile(folder, () => {
    const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? true;
    if (!isFolder) throw new FolderProblem(`${folder}: is not a directory`);
  });
}

/** Whether a file has content and mode that it is to have. */
export function isAsItIsToBe(before: Present | null, file: Artefact): boolean {
  return before?.mode === file.mode && holdsSame(before, file);
}

/** Whether a file has the content that it is to have. */
export function holdsSame(before: Present, { text, bytes }: Pick<Artefact, 'text' | 'bytes'>): boolean {
  return bytes === undefined ? before.text === text : Buffer.compare(before.bytes, bytes) === 0;
}

/** The files of the last build, and those of builds that were killed while they renamed their files. */
function knownFiles(folder: string): readonly KnownFile[] {
  const manifest = readPresent(folder, manifestName);
  const known = manifest === null ? nothingKnown : readManifest(manifest.text);
  if ('files' in known) return [...notedFiles(folder), ...known.files];
  throw new FolderProblem(`${path.join(folder, manifestName)}: ${known.problem}; move it away, or name another folder`);
}

/** The folders of files, the deepest first. */
function foldersOf(files: readonly string[]): readonly string[] {
  const all = new Set<string>();
  for (const file of files) {
    for (let above = path.dirname(file); above !== '.'; above = path.dirname(above)) all.add(above);
  }
  return [...all].toSorted((one, other) => other.split('/').length - one.split('/').length || (one < other ? -1 : 1));
}

/** A file that stands where one of ours is to be, and that no build has made, is not overwritten. */
function refuseForeign(folder: string, foreign: readonly string[]): void {
  const [first] = foreign;
  if (first === undefined) return;
  const others = foreign.length === 1 ? '' : ` (and ${String(foreign.length - 1)} more)`;
  throw new FolderProblem(
    `${path.join(folder, first)}${others}: no build has made this file: move it away, or name another folder`,
  );
}

/** Reads a file below the folder. Throws a {@link FolderProblem} where something else is in its place. */
export function readPresent(folder: string, file: string): Present | null {
  const parts = file.split('/');
  const shown = path.join(folder, file);
  return aboutFile(shown, () => {
    for (const [depth] of parts.slice(1).entries()) {
      const above = path.join(folder, ...parts.slice(0, depth + 1));
      const status = lstatSync(above, { throwIfNoEntry: false });
      if (status === undefined) return null;
      if (status.isSymbolicLink()) throw new FolderProblem(`${above}: is a symbolic link, and a build follows none`);
      if (!status.isDirectory()) throw new FolderProblem(`${above}: is not a directory`);
    }
    const status = lstatSync(shown, { throwIfNoEntry: false });
    if (status === undefined) return null;
    if (status.isSymbolicLink()) throw new FolderProblem(`${shown}: is a symbolic link, and a build follows none`);
    if (!status.isFile()) throw new FolderProblem(`${shown}: is not a file`);
    const found = readRegular(shown, largestFile);
    if (found.kind === 'file') return found;
    throw new FolderProblem(
      `${shown}: ${found.kind === 'large' ? 'is too large for a file of a build' : 'is not a file'}`,
    );
  });
}

/** The same for a file that is not needed any more: what has come in its place is none of our business. */
function readIfFile(folder: string, file: string): Present | null {
  try {
    return readPresent(folder, file);
  } catch (error) {
    if (error instanceof FolderProblem) return null;
    throw error;
  }
}
