/**
 * Processes of the host, by ps(1): number, start time and command. A number alone says nothing, because numbers come
 * back; a title alone is set late (bhyve calls itself `bhyve: NAME` once its guest is made). All three together tell.
 */

/** One process. */
export interface Seen {
  readonly pid: number;
  /** As ps(1) prints `lstart` in the C locale. */
  readonly started: string;
  readonly command: string;
}

/** Reads processes. */
export interface Processes {
  /** Those of the numbers that are there. Calls that come together share one ps(1). Rejects where ps(1) fails. */
  look(pids: readonly number[]): Promise<ReadonlyMap<number, Seen>>;
  /** All processes of the host. */
  all(): Promise<readonly Seen[]>;
}

const columns = ['-ww', '-o', 'pid=', '-o', 'lstart=', '-o', 'command='];
const line = /^\s*(\d+)\s+(\w{3}\s+\w{3}\s+\d+\s+[\d:]+\s+\d{4})\s(.*)$/;
/** So many numbers go to one ps(1): its line of words has a limit. */
const mostPids = 500;

/** Reads what ps(1) printed; lines that are none of a process are left out. */
export function readProcesses(text: string): readonly Seen[] {
  return text.split('\n').flatMap((row) => {
    const [, pid, started, command] = line.exec(row) ?? [];
    if (pid === undefined || started === undefined || command === undefined) return [];
    return [{ pid: Number(pid), started: started.replaceAll(/\s+/g, ' '), command: command.trim() }];
  });
}

/** Whether the number stands for a process that exists, whoever owns it. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Whether a command is that of a guest's bhyve, or of its loader or the shell that becomes one of them. */
export function isOfGuest(command: string, name: string, stateFolder: string): boolean {
  if (command === `bhyve: ${name}` || command.startsWith(`bhyve: ${name} (`)) return true;
  return command.includes(`${stateFolder}/bhyve `) || command.includes(`${stateFolder}/loader `);
}

/** Questions within so many milliseconds share one ps(1): a supervisor is in no hurry, and each costs a process. */
const shared = 200;

/** Seconds that ps(1) may take: a busy host is slow, and who cannot look decides nothing. */
const patience = 30;

/** Makes a reader that runs ps(1) with an environment. */
export function createProcesses(environment: NodeJS.ProcessEnv, together = shared): Processes {
  const env = { ...environment, TZ: 'UTC' };
  let waiting: { pids: readonly number[]; resolve: (seen: Promise<ReadonlyMap<number, Seen>>) => void }[] = [];

  async function ps(words: readonly string[]): Promise<readonly Seen[]> {
    // Loaded here: a build that nobody is in the way of runs no ps(1).
    const { run } = await import('./command.ts');
    const { status, out, err, problem } = await run('ps', [...columns, ...words], { env, seconds: patience });
    // With -p, 1 says that there is none of them.
    if (status === 0 || (status === 1 && err === '')) return readProcesses(out);
    throw new Error(`ps: ${err.trim() === '' ? (problem ?? `status ${String(status)}`) : err.trim()}`);
  }

  async function lookAt(pids: readonly number[]): Promise<ReadonlyMap<number, Seen>> {
    const found = new Map<number, Seen>();
    for (let from = 0; from < pids.length; from += mostPids) {
      const some = pids.slice(from, from + mostPids);
      for (const seen of await ps(['-p', some.join(',')])) found.set(seen.pid, seen);
    }
    return found;
  }

  function flush(): void {
    const group = waiting;
    waiting = [];
    const answer = lookAt([...new Set(group.flatMap(({ pids }) => pids))]);
    for (const { resolve } of group) resolve(answer);
  }

  return {
    async look(pids) {
      if (pids.length === 0) return new Map();
      return await new Promise<ReadonlyMap<number, Seen>>((resolve) => {
        waiting.push({ pids, resolve });
        if (waiting.length === 1) setTimeout(flush, together);
      });
    },
    all: () => ps(['-ax']),
  };
}
