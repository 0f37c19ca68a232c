/** Runs a program of a rehearsal to its end, or to a limit: then it is killed, with all that it has started. */
import { spawn } from 'node:child_process';

/** What a program left behind. */
export interface Ended {
  /** Null where it was killed. */
  readonly status: number | null;
  /** Standard output and error together, in the order in which they were written. */
  readonly text: string;
  /** It did not end within its limit. */
  readonly isLate: boolean;
}

/** How a program is run. */
export interface RunOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly input?: string;
  /** Seconds. */
  readonly limit: number;
  /** Characters of its text that are kept; the rest is lost. */
  readonly keep?: number;
  /** Ends what has left the program's process group. */
  readonly killRest?: () => Promise<void>;
}

/** Runs a program; one that cannot be started says so in its text. */
export async function runCommand(
  program: string,
  words: readonly string[],
  { env, cwd, input, limit, keep = Infinity, killRest }: RunOptions,
): Promise<Ended> {
  // One pipe for both keeps the order; a group of its own can be killed as a whole.
  const child = spawn('/bin/sh', ['-c', 'exec "$0" "$@" 2>&1', program, ...words], {
    env,
    cwd,
    detached: true,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'ignore'],
  });
  const pieces: string[] = [];
  let kept = 0;
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    if (kept < keep) pieces.push(text.slice(0, keep - kept));
    kept += text.length;
  });
  // Who does not read its input to the end says why in its text.
  child.stdin?.on('error', () => undefined).end(input);
  // One look at what is left, and waited for: a second one that is still under way would kill what is started next.
  const end: { isLate: boolean; rest: Promise<void> | undefined } = { isLate: false, rest: undefined };
  const timer = setTimeout(() => {
    end.isLate = true;
    killGroup(child.pid);
    end.rest = killRest?.();
  }, limit * 1000);
  const status = await new Promise<number | null>((resolve) => {
    child.on('error', (error) => {
      pieces.push(`${error.message}\n`);
      resolve(null);
    });
    child.on('close', resolve);
    // What it left behind may keep the pipe open. All that it wrote itself is read once a whole turn of the event loop,
    // which reads what there is, has brought nothing.
    child.on('exit', (code) => {
      const settle = (before: number): void => {
        if (kept === before) resolve(code);
        else setImmediate(settle, kept);
      };
      setImmediate(() => setImmediate(settle, -1));
    });
  });
  clearTimeout(timer);
  child.stdout?.destroy();
  await end.rest;
  const { isLate } = end;
  return { status: isLate ? null : status, text: pieces.join(''), isLate };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended just now.
  }
}
