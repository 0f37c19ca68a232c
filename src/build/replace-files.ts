/**
 * Changes the files of a folder whole or not at all. All new files are written into a folder of their own beside their
 * places, where nobody else can read them; then they are renamed. Whatever fails, what was there before is put back. The
 * folder of the new files is the lock of the build, too.
 */
import { chmodSync, copyFileSync, existsSync, lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { contentOf } from '../backends/backend.ts';
import { isOfGuest, manifestName } from '../backends/tree.ts';
import type { Changes, NamedFile, Write } from './folder.ts';
import { aboutFile } from './problem.ts';
import { enterStaging, removeIfEmpty, type Staging } from './staging.ts';

/** What undoes something that was done. */
type Undo = () => void;

/** Writes a file beside its place. What is in it is not kept where it is that of a guest: all of a large build is more than memory has. */
export type Take = (write: Write) => Write<NamedFile>;

/** A file beside its place. */
interface Staged {
  readonly fresh: string;
  /** A copy of what was in its place before. */
  readonly old: string;
  readonly final: string;
  readonly isNew: boolean;
}

/**
 * Makes the changes that `look` finds in the folder, while no other build is in it; makes the folder where it is missing.
 * Throws a {@link FolderProblem}; then the folder is as it was.
 * @param look gives each file to `take` as soon as it finds that it is to be written, the manifest last
 */
export async function replaceFiles(
  folder: string,
  look: (take: Take) => Changes<NamedFile>,
): Promise<Changes<NamedFile>> {
  const above: Undo[] = [];
  try {
    makeFolder(folder, above);
    const staging = await enterStaging(folder);
    let isDone = false;
    try {
      const changes = orUndo((undo) => {
        const staged: Staged[] = [];
        const found = look((write) => {
          staged.push(stage(folder, staging, write, staged.length));
          return isOfGuest(write.file.path) ? { file: named(write.file), before: write.before } : write;
        });
        const manifest = found.write.find(({ file }) => file.path === manifestName);
        if (manifest?.file.text !== undefined) staging.note(manifest.file.text);
        change(folder, staging, staged, found, undo);
        return found;
      });
      isDone = true;
      return changes;
    } finally {
      staging.leave(!isDone);
    }
  } catch (error) {
    undoAll(above);
    throw error;
  }
}

/** Runs work that notes how to undo what it does; if it fails, all of that is undone, the last thing first. */
function orUndo<T>(work: (undo: Undo[]) => T): T {
  const undo: Undo[] = [];
  try {
    return work(undo);
  } catch (error) {
    undoAll(undo);
    throw error;
  }
}

function undoAll(undo: readonly Undo[]): void {
  for (const step of undo.toReversed()) step();
}

/** A folder, and those above it, that are removed again if all fails. The umask has no say: root may run what is in it. */
function makeFolder(folder: string, undo: Undo[]): void {
  if (existsSync(folder)) return;
  const above = path.dirname(folder);
  if (above !== folder) makeFolder(above, undo);
  aboutFile(folder, () => {
    makeWithMode(folder);
    undo.push(() => {
      removeIfEmpty(folder);
    });
  });
}

/**
 * It has its mode when it comes: a build that is killed leaves no folder that nobody but its owner may enter. What it
 * leaves under the other name is taken by the next build, as it is by one that is faster.
 */
function makeWithMode(folder: string): void {
  const fresh = path.join(path.dirname(folder), `.bhyvec-new-${path.basename(folder)}`.slice(0, 200));
  try {
    if (!existsSync(fresh)) mkdirSync(fresh);
    chmodSync(fresh, 0o755);
    renameSync(fresh, folder);
  } catch (error) {
    removeIfEmpty(fresh);
    if (!existsSync(folder)) throw error;
  }
}

function named({ path, mode, secret }: NamedFile): NamedFile {
  return { path, mode, secret };
}

function stage(folder: string, staging: Staging, { file, before }: Write, number: number): Staged {
  const beside = path.join(staging.path, String(number));
  const [fresh, old] = [`${beside}.new`, `${beside}.old`];
  const final = path.join(folder, file.path);
  aboutFile(final, () => {
    // Made with its mode, so that a secret is never readable, not even for a moment; then past the umask.
    writeFileSync(fresh, contentOf(file), { mode: file.mode & 0o700, flag: 'wx' });
    chmodSync(fresh, file.mode);
    if (before !== null) copyFileSync(final, old);
  });
  return { fresh, old, final, isNew: before === null };
}

function change(
  folder: string,
  staging: Staging,
  written: readonly Staged[],
  { remove, folders }: Pick<Changes, 'remove' | 'folders'>,
  undo: Undo[],
): void {
  for (const { final } of written) placeFolder(path.dirname(final), staging, undo);
  const place = ({ fresh, old, final, isNew }: Staged): void => {
    aboutFile(final, () => {
      renameSync(fresh, final);
    });
    undo.push(() => {
      if (isNew) rmSync(final, { force: true });
      else renameSync(old, final);
    });
  };
  // The manifest comes last: a build that is killed before it leaves files that are not yet known, never ones that are
  // known and wrong.
  for (const one of written.slice(0, -1)) place(one);
  for (const [i, { path: file }] of remove.entries()) {
    const [final, old] = [path.join(folder, file), path.join(staging.path, `${String(i)}.gone`)];
    aboutFile(final, () => {
      renameSync(final, old);
    });
    undo.push(() => {
      renameSync(old, final);
    });
  }
  // They go before the manifest comes: afterwards nobody would know that they were ours.
  for (const name of folders) {
    const gone = path.join(folder, name);
    if (!isBelow(folder, name) || !removeIfEmpty(gone)) continue;
    undo.push(() => {
      makeFolder(gone, []);
    });
  }
  for (const one of written.slice(-1)) place(one);
}

/** Whether it is a folder, and no link leads to it: what a link names is not ours. */
function isBelow(folder: string, name: string): boolean {
  const parts = name.split('/');
  return parts.every((_, i) => {
    const status = lstatSync(path.join(folder, ...parts.slice(0, i + 1)), { throwIfNoEntry: false });
    return status?.isDirectory() === true;
  });
}

/** The same for a folder of a guest or of a network and those around it, which have their mode when they come. */
function placeFolder(folder: string, staging: Staging, undo: Undo[]): void {
  if (existsSync(folder)) return;
  placeFolder(path.dirname(folder), staging, undo);
  aboutFile(folder, () => {
    const fresh = path.join(staging.path, 'folder.new');
    mkdirSync(fresh);
    chmodSync(fresh, 0o755);
    renameSync(fresh, folder);
  });
  undo.push(() => {
    removeIfEmpty(folder);
  });
}
