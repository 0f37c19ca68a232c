/** Runs the small commands whose output is read: ps, netstat, stty, kldload. */
import { spawn } from 'node:child_process';

/** Runs a command with a time limit and gives its standard output; null where it failed or took too long. */
export type RunCommand = (
  command: string,
  args: readonly string[],
  options?: {
    readonly limitMs?: number;
    /** A descriptor that becomes the command's standard input. */
    readonly stdin?: number;
  },
) => Promise<string | null>;

/** A command that takes longer is killed. */
const defaultLimitMs = 5000;

/** Longer output is no output. */
const outputLimit = 16 * 1024 * 1024;

/** Runs a command in the language C; null where it failed, took too long or said too much. Never rejects. */
export const runCommand: RunCommand = (command, args, { limitMs = defaultLimitMs, stdin } = {}) =>
  new Promise((resolve) => {
    const env = { ...process.env, LC_ALL: 'C' };
    const child = spawn(command, [...args], { env, stdio: [stdin ?? 'ignore', 'pipe', 'ignore'] });
    const chunks: Buffer[] = [];
    let length = 0;
    const giveUp = (): void => {
      child.kill('SIGKILL');
      // A child of the command may hold the pipe open.
      child.stdout?.destroy();
      resolve(null);
    };
    const timer = setTimeout(giveUp, limitMs);
    child.stdout?.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > outputLimit) giveUp();
      else chunks.push(chunk);
    });
    child.on('error', () => {
      clearTimeout(timer);
      resolve(null);
    });
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve(status === 0 ? Buffer.concat(chunks).toString('utf8') : null);
    });
  });
