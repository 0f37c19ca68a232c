/** The one way to run a command to its end, or to a limit: ps, netstat, stty, bhyvectl, the launchers of a rehearsal. */
import { spawn, type ChildProcess } from 'node:child_process';

/** How a command ended and what it printed. */
export interface Ended {
  /** Null for a command that is not there, was killed, or did not end in time. */
  readonly status: number | null;
  readonly out: string;
  /** Empty where both streams are one. */
  readonly err: string;
  /** Why there is no status. */
  readonly problem: 'missing' | 'slow' | 'killed' | null;
}

/** How a command is run. */
export interface RunOptions {
  /** The environment in place of that of this process. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** The standard input: a text, or a descriptor; nothing where it is left out. */
  readonly input?: string | number;
  /** A command that takes longer is killed; no limit where it is left out. */
  readonly seconds?: number;
  /** Characters of each stream that are kept; the rest is lost. */
  readonly keep?: number;
  /** Standard error goes into the same pipe, so that `out` has all in the order in which it was written. */
  readonly together?: boolean;
  /** It has a process group of its own, which is killed as a whole at the limit, and waited for. */
  readonly group?: boolean;
  /** Ends what has left that group. */
  readonly killRest?: () => Promise<void>;
}

/** More is no answer to any question of ours. */
const mostKept = 16 * 1024 * 1024;

/** Runs a command in the language C. Never rejects; one without a group that cannot be killed is waited for to its limit. */
export async function run(command: string, words: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { input, seconds, keep = mostKept, together = false, group = false, killRest } = options;
  const child = start(command, words, options);
  const texts = { stdout: '', stderr: '' };
  let read = 0;
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text.slice(0, Math.max(0, keep - texts[name].length));
      read += text.length;
    });
  }
  // Who does not read its input to the end says why in its text.
  if (typeof input === 'string') child.stdin?.on('error', () => undefined).end(input);
  // One look at what is left, and waited for: a second one that is still under way would kill what is started next.
  const late: { isLate: boolean; rest: Promise<void> | undefined } = { isLate: false, rest: undefined };
  const end = await new Promise<Pick<Ended, 'status' | 'problem'>>((resolve) => {
    const giveUp = (): void => {
      late.isLate = true;
      if (group) killGroup(child.pid);
      else child.kill('SIGKILL');
      late.rest = killRest?.();
      // A command alone, or what it has started, may be where no signal reaches it.
      if (!group) resolve({ status: null, problem: 'slow' });
    };
    const timer = seconds === undefined ? undefined : setTimeout(giveUp, seconds * 1000);
    const finish = (status: number | null, problem: Ended['problem']): void => {
      clearTimeout(timer);
      resolve(late.isLate ? { status: null, problem: 'slow' } : { status, problem });
    };
    const ended = (status: number | null): void => {
      // Node tells of a program that is not there by an error and then by a negative status.
      if (status === null || status >= 0) finish(status, status === null ? 'killed' : null);
    };
    child.on('error', (error) => {
      if (together) texts.stdout += `${error.message}\n`;
      finish(null, 'missing');
    });
    child.on('close', ended);
    // What it left behind may keep the pipe open. All that it wrote itself is read once a whole turn of the event loop,
    // which reads what there is, has brought nothing.
    child.on('exit', (status) => {
      const settle = (before: number): void => {
        if (read === before) ended(status);
        else setImmediate(settle, read);
      };
      setImmediate(() => setImmediate(settle, -1));
    });
  });
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.unref();
  await late.rest;
  return { ...end, out: texts.stdout, err: texts.stderr };
}

function start(command: string, words: readonly string[], options: RunOptions): ChildProcess {
  const { env = process.env, cwd, input, together = false, group = false } = options;
  const stdin = typeof input === 'number' ? input : input === undefined ? 'ignore' : 'pipe';
  const more = { env: { ...env, LC_ALL: 'C' }, detached: group, ...(cwd === undefined ? {} : { cwd }) };
  // One pipe for both streams keeps the order.
  return together
    ? spawn('/bin/sh', ['-c', 'exec "$0" "$@" 2>&1', command, ...words], { ...more, stdio: [stdin, 'pipe', 'ignore'] })
    : spawn(command, [...words], { ...more, stdio: [stdin, 'pipe', 'pipe'] });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended just now.
  }
}

/** What a command printed; null where it failed, took too long or said too much. */
export type RunCommand = (
  command: string,
  words: readonly string[],
  options?: Pick<RunOptions, 'input' | 'seconds'>,
) => Promise<string | null>;

/** Limit of a question of which nobody says how long it may take. */
const patience = 5;

/** Runs a command and gives its standard output. Never rejects. */
export const runCommand: RunCommand = async (command, words, options) => {
  const { status, out } = await run(command, words, { seconds: patience, ...options });
  return status === 0 && out.length < mostKept ? out : null;
};
