/**
 * Changes the files of a folder whole or not at all. All new files are written into a folder of their own beside their
 * places, where nobody else can read them; then they are renamed. Whatever fails, what was there before is put back. The
 * folder of the new files is the lock of the build, too.
 */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { manifestName } from '../backends/tree.ts';
import { aboutFile, FolderProblem, stagingName, type Changes } from './folder.ts';

const ownerName = 'pid';

/** What undoes something that was done. */
type Undo = () => void;

/**
 * Makes the changes that `look` finds in the folder, while no other build is in it; makes the folder where it is missing.
 * Throws a {@link FolderProblem}; then the folder is as it was.
 */
export function replaceFiles(folder: string, look: () => Changes): Changes {
  return orUndo((folders) => {
    makeFolder(folder, folders);
    const staging = takeLock(folder);
    try {
      return orUndo((undo) => {
        const changes = look();
        change(folder, staging, changes, undo);
        return changes;
      });
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
  });
}

/** Runs work that notes how to undo what it does; if it fails, all of that is undone, the last thing first. */
function orUndo<T>(work: (undo: Undo[]) => T): T {
  const undo: Undo[] = [];
  try {
    return work(undo);
  } catch (error) {
    for (const step of undo.toReversed()) step();
    throw error;
  }
}

/** A folder, and those above it, that are removed again if all fails. The umask has no say: root may run what is in it. */
function makeFolder(folder: string, undo: Undo[]): void {
  if (existsSync(folder)) return;
  const above = path.dirname(folder);
  if (above !== folder) makeFolder(above, undo);
  aboutFile(folder, () => {
    mkdirSync(folder);
    undo.push(() => {
      removeIfEmpty(folder);
    });
    chmodSync(folder, 0o755);
  });
}

/** A build that was killed leaves its lock: the process that it names is gone then. What it knew of its files is kept. */
function takeLock(folder: string): string {
  const staging = path.join(folder, stagingName);
  const note = path.join(staging, manifestName);
  aboutFile(folder, () => {
    let known: string | null = null;
    if (existsSync(staging)) {
      if (isRunning(path.join(staging, ownerName))) {
        throw new FolderProblem(`${folder}: another build is writing there (if none is, remove ${staging})`);
      }
      known = existsSync(note) ? readFileSync(note, 'utf8') : null;
      rmSync(staging, { recursive: true });
    }
    mkdirSync(staging);
    chmodSync(staging, 0o700);
    writeFileSync(path.join(staging, ownerName), `${String(process.pid)}\n`);
    if (known !== null) writeFileSync(note, known);
  });
  return staging;
}

function isRunning(owner: string): boolean {
  try {
    const pid = Number(readFileSync(owner, 'utf8'));
    return Number.isInteger(pid) && pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function change(folder: string, staging: string, { write, remove }: Changes, undo: Undo[]): void {
  const written = write.map(({ file: { path: file, mode, text }, before }, i) => {
    const [fresh, old] = [path.join(staging, `${String(i)}.new`), path.join(staging, `${String(i)}.old`)];
    const final = path.join(folder, file);
    aboutFile(final, () => {
      // Made with its mode, so that a secret is never readable, not even for a moment; then past the umask.
      writeFileSync(fresh, text, { mode: mode & 0o700, flag: 'wx' });
      chmodSync(fresh, mode);
      if (before !== null) copyFileSync(final, old);
    });
    return { fresh, old, final, isNew: before === null };
  });
  noteManifest(staging, write);
  for (const { final } of written) makeFolder(path.dirname(final), undo);
  const place = ({ fresh, old, final, isNew }: (typeof written)[number]): void => {
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
    const [final, old] = [path.join(folder, file), path.join(staging, `${String(i)}.gone`)];
    aboutFile(final, () => {
      renameSync(final, old);
    });
    undo.push(() => {
      renameSync(old, final);
    });
  }
  for (const one of written.slice(-1)) place(one);
  for (const { path: file } of remove) removeEmptyFolders(folder, file);
}

/** If the build is killed from here on, the next one finds in this what was ours. */
function noteManifest(staging: string, write: Changes['write']): void {
  const manifest = write.find(({ file }) => file.path === manifestName);
  if (manifest === undefined) return;
  aboutFile(staging, () => {
    writeFileSync(path.join(staging, manifestName), manifest.file.text);
  });
}

function removeEmptyFolders(folder: string, file: string): void {
  for (let above = path.dirname(file); above !== '.'; above = path.dirname(above)) {
    if (!removeIfEmpty(path.join(folder, above))) return;
  }
}

function removeIfEmpty(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}
