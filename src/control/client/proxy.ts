/** `bhyvec proxy`: carries bytes between standard input and output and the supervisor's socket, in both directions. */
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exitStatus, type ExitStatus, type Terminal } from '../../system/terminal.ts';
import { ConnectionProblem } from './problem.ts';
import { connectSocket } from './transport.ts';
import { defaultSocket } from './uri.ts';

/**
 * Copies until both directions have ended. The end of one is passed on and does not touch the other; an error, such as
 * a reader that is gone, ends both.
 */
export async function carry(
  input: Readable,
  output: Writable,
  socket: Readable & Writable & { destroy(): unknown },
): Promise<void> {
  const there = pipeline(input, socket);
  const back = pipeline(socket, output, { end: false });
  const isBroken = (error: unknown): void => {
    socket.destroy();
    // The other side is gone: nothing is left to be carried.
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code !== 'EPIPE' && code !== 'ECONNRESET' && code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  };
  // Without a supervisor there is nobody to read the rest of the input.
  await Promise.all(
    [there.catch(isBroken), back.catch(isBroken)].map((one, i) => (i === 1 ? one.then(() => input.destroy()) : one)),
  );
}

/** Runs `bhyvec proxy`. */
export async function runProxy(
  socket: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
): Promise<ExitStatus> {
  try {
    const connection = await connectSocket(socket ?? defaultSocket(environment));
    await carry(process.stdin, process.stdout, connection);
    return exitStatus.done;
  } catch (error) {
    if (!(error instanceof ConnectionProblem)) throw error;
    terminal.err(`bhyvec: ${error.message}\n`);
    return exitStatus.mistakes;
  }
}
