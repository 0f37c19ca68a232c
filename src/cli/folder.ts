/** The folder that a build writes into: what is in it, and changing it so that no file is ever half written. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { Artefact } from '../backends/backend.ts';

/** A file as it is; null where there is none. */
export interface Present {
  readonly text: string;
  readonly mode: number;
}

/** Reads a file below the folder; a link or a folder in its place counts as absent. */
export function readPresent(folder: string, file: string): Present | null {
  const full = path.join(folder, file);
  const status = lstatSync(full, { throwIfNoEntry: false });
  if (status === undefined || !status.isFile()) return null;
  return { text: readFileSync(full, 'utf8'), mode: status.mode & 0o7777 };
}

/** Whether a file is already what it is to be. */
export function isCurrent(present: Present | null, { text, mode }: Artefact): boolean {
  return present !== null && present.text === text && present.mode === mode;
}

/**
 * Writes all files, or none: first each under a temporary name beside its place, then all are renamed, in order.
 * A failure before the renames removes what was written.
 */
export function writeAll(folder: string, files: readonly Artefact[]): void {
  const written: { readonly temporary: string; readonly final: string }[] = [];
  try {
    for (const { path: file, mode, text } of files) {
      const final = path.join(folder, file);
      const temporary = path.join(path.dirname(final), `.${path.basename(final)}.bhyvec-new`);
      mkdirSync(path.dirname(final), { recursive: true });
      rmSync(temporary, { force: true });
      written.push({ temporary, final });
      // Made with its mode, so that a secret is never readable, not even for a moment; then past the umask.
      writeFileSync(temporary, text, { mode: mode & 0o700, flag: 'wx' });
      chmodSync(temporary, mode);
    }
  } catch (error) {
    for (const { temporary } of written) rmSync(temporary, { force: true });
    throw error;
  }
  for (const { temporary, final } of written) renameSync(temporary, final);
}

/** Removes a file, and the folders above it that are empty then, up to the folder of the build. */
export function removeFile(folder: string, file: string): void {
  rmSync(path.join(folder, file), { force: true });
  for (let above = path.dirname(file); above !== '.'; above = path.dirname(above)) {
    const full = path.join(folder, above);
    if (!existsSync(full)) continue;
    try {
      rmdirSync(full);
    } catch {
      return;
    }
  }
}
