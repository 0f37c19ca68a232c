/**
 * The guests that run on this host, by ps(1), and the launcher of each, by its run directory. bhyve(8) hides its words behind
 * the title `bhyve: NAME` once its devices are set up: what a guest runs with is known by its launcher only.
 */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Processes, Seen } from '../system/processes.ts';
import { errorCode, reasonOf } from '../system/trouble.ts';

/** A bhyve and who started it. */
export interface RunningBhyve {
  readonly guest: string;
  /** The launcher as it was called, and when it began, in milliseconds since 1970; or why nobody knows. */
  readonly launcher: { readonly file: string; readonly since: number } | { readonly why: string };
}

/** Asks ps(1). @param stateFolder the state directory of launchers, as it is found on this host */
export async function runningBhyves(processes: Processes, stateFolder: string): Promise<readonly RunningBhyve[]> {
  const seen = await processes.all();
  const alive = new Set(seen.map(({ pid }) => pid));
  const guests = new Set(seen.flatMap((one) => guestOf(one) ?? []));
  return [...guests].map((guest) => ({ guest, launcher: launcherOf(path.join(stateFolder, guest), alive) }));
}

/** The name of the guest that a process runs: by its title, or by its words as long as its devices are not set up. */
export function guestOf({ command }: Pick<Seen, 'command'>): string | null {
  const [, title] = /^bhyve: (\S+)(?: \(bhyve\))?$/.exec(command) ?? [];
  const [, last] = /^(?:\/(?:\S*\/)?)?bhyve (?:.* )?([^\s<(-]\S*)$/.exec(command) ?? [];
  return title ?? last ?? null;
}

/** The one that holds the guest; where its process is gone, the last that held it. */
function launcherOf(run: string, alive: ReadonlySet<number>): RunningBhyve['launcher'] {
  try {
    const claims = readdirSync(run).flatMap((name) => {
      const [, pid] = /^lock[.](\d+)$/.exec(name) ?? [];
      const [, file] = pid === undefined ? [] : (/^held (.*)$/m.exec(readFileSync(path.join(run, name), 'utf8')) ?? []);
      if (file === undefined) return [];
      const since = statSync(path.join(run, name)).mtimeMs;
      return [{ file, since, isAlive: alive.has(Number(pid)) }];
    });
    const [last] = claims.toSorted(
      (one, other) => Number(other.isAlive) - Number(one.isAlive) || other.since - one.since,
    );
    if (last !== undefined) return { file: last.file, since: last.since };
  } catch (error) {
    // A launcher that ends in this moment takes its files with it.
    if (errorCode(error) !== 'ENOENT') return { why: `${run}: ${reasonOf(error)}` };
  }
  return { why: `no launcher has it (${run})` };
}
