/**
 * The file of the journal: lines are appended and forced to the disk (fdatasync) before anything follows from them. After
 * a failed append the file is cut back to what was whole, so that a full disk leaves no half line behind.
 */
import { closeSync, constants, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { open, readFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { errorCode, reasonOf, Trouble } from '../../system/trouble.ts';

/** The calls that can fail on a full or broken disk; tests put failing ones in their place. */
export interface Disk {
  write(file: FileHandle, text: string): Promise<void>;
  sync(file: FileHandle): Promise<void>;
  truncate(file: FileHandle, length: number): Promise<void>;
}

/** The calls as they are. */
export const realDisk: Disk = {
  write: async (file, text) => {
    await file.appendFile(text);
  },
  sync: (file) => file.datasync(),
  truncate: (file, length) => file.truncate(length),
};

/** An open journal. */
export interface JournalFile {
  /** Appends lines and waits until the disk has them. Rejects with the reason; then none of them counts. */
  append(lines: string): Promise<void>;
  /** Puts a text in the place of all that was written. Rejects where that failed; then nothing has changed. */
  replace(text: string): Promise<void>;
  /** Bytes of the file. */
  readonly size: number;
  close(): Promise<void>;
}

/** The text of a journal; empty where there is no file. */
export async function readJournalFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '';
    throw new Trouble(`cannot read the journal ${file}: ${reasonOf(error)}`);
  }
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function writeWhole(file: string, text: string): void {
  const descriptor = openSync(file, 'w', 0o600);
  try {
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Opens a journal for writing and begins it anew with a snapshot, which stands for all before.
 * @param file its path; the folder is there
 * @param first the text that it begins with
 */
export async function openJournal(file: string, first: string, disk: Disk = realDisk): Promise<JournalFile> {
  const fresh = `${file}.new`;
  let handle: FileHandle | null = null;
  let size = 0;
  /** The file may be longer than what counts. */
  let isDirty = false;

  async function replace(text: string): Promise<void> {
    try {
      writeWhole(fresh, text);
      const next = await open(fresh, constants.O_WRONLY | constants.O_APPEND);
      renameSync(fresh, file);
      const before = handle;
      handle = next;
      size = Buffer.byteLength(text);
      isDirty = false;
      await before?.close();
    } catch (error) {
      rmSync(fresh, { force: true });
      throw error;
    }
    syncFolder(path.dirname(file));
  }

  try {
    await replace(first);
  } catch (error) {
    throw new Trouble(`cannot write the journal ${file}: ${reasonOf(error)}`);
  }

  return {
    async append(lines) {
      if (handle === null) throw new Error('the journal is closed');
      if (isDirty) {
        await disk.truncate(handle, size);
        isDirty = false;
      }
      try {
        await disk.write(handle, lines);
        await disk.sync(handle);
        size += Buffer.byteLength(lines);
      } catch (error) {
        isDirty = true;
        await disk.truncate(handle, size).then(
          () => (isDirty = false),
          () => undefined,
        );
        throw error;
      }
    },
    replace,
    get size() {
      return size;
    },
    async close() {
      const open = handle;
      handle = null;
      await open?.close();
    },
  };
}
