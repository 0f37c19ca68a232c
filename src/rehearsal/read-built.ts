/** Reading one file of a build. */
import { lstatSync } from 'node:fs';
import path from 'node:path';
import { readPresent, type Present } from '../build/folder.ts';
import { largestFile } from '../text/limits.ts';
import { FolderProblem } from '../build/problem.ts';

/** Reads a file of a build; links are not followed. Throws a {@link FolderProblem}. */
export function readBuilt(folder: string, file: string): Present {
  const shown = path.join(folder, file);
  if (sizeOf(shown) > largestFile) throw new FolderProblem(`${shown}: is larger than any file of a build`);
  const present = readPresent(folder, file);
  if (present === null) throw new FolderProblem(`${shown}: no such file or directory`);
  return present;
}

/** What cannot be looked at is nothing here: reading it says why. */
function sizeOf(file: string): number {
  try {
    return lstatSync(file).size;
  } catch {
    return 0;
  }
}
