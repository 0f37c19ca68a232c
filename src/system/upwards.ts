/**
 * A file that stands for all folders below its own: the nearest one from a folder upwards. A folder that everybody may
 * write to, such as /tmp, is not searched unless the search begins there: what others put into it is not meant for us.
 */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';

/** The mode bit of a folder that everybody may write to. */
const writtenByAll = 0o002;

/** Whether everybody may write to a folder; one that cannot be looked at is not searched either. */
function isEverybodys(folder: string): boolean {
  try {
    return (statSync(folder).mode & writtenByAll) !== 0;
  } catch {
    return true;
  }
}

/**
 * Finds a file by its name.
 * @param from the folder in which the search begins
 * @returns its absolute path; null where there is none
 */
export function nearestAbove(name: string, from: string): string | null {
  const start = path.resolve(from);
  for (let folder = start; folder === start || !isEverybodys(folder); folder = path.dirname(folder)) {
    const file = path.join(folder, name);
    if (existsSync(file)) return file;
    if (folder === path.dirname(folder)) return null;
  }
  return null;
}
