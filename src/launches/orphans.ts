/** Finds the bhyve, or the loader, of a guest whose launcher was killed. */
import { readFileSync } from 'node:fs';
import type { Process } from './happenings.ts';
import type { LaunchPaths } from './paths.ts';
import { isOfGuest, type Processes, type Seen } from '../system/processes.ts';

/** Whose it is, and the numbers that its report named. */
export interface Search {
  readonly paths: LaunchPaths;
  readonly processes: Processes;
  readonly guest: string;
  readonly known: readonly (number | null)[];
}

/** The number that the launcher's child wrote down before it became bhyve or the loader. */
function written(file: string): number | null {
  try {
    const [pid = ''] = readFileSync(file, 'utf8').split('\n');
    return /^\d+$/.test(pid) ? Number(pid) : null;
  } catch {
    return null;
  }
}

/** The process of the guest that is left; null where there is none. Rejects where processes cannot be seen. */
export async function findOrphan({ paths, processes, guest, known }: Search): Promise<Process | null> {
  const folder = paths.state(guest);
  const numbers = new Set([...known, written(`${folder}/bhyve`), written(`${folder}/loader`)]);
  const named = await processes.look([...numbers].filter((pid) => pid !== null));
  const isNamed = ({ command }: Seen): boolean => isOfGuest(command, guest, folder) || command.endsWith(` ${guest}`);
  const found =
    [...named.values()].find(isNamed) ??
    (await processes.all()).find(({ command }) => isOfGuest(command, guest, folder));
  return found === undefined ? null : { pid: found.pid, started: found.started };
}
