/** A stream of bytes to a supervisor: its socket, or ssh(1) with `bhyvec proxy` at the far end. */
import { spawn } from 'node:child_process';
import { createConnection } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { sshProblem, sshWords } from './ssh.ts';
import { ConnectionProblem } from './problem.ts';
import { defaultSocket, type Target } from './uri.ts';

/** An open stream. */
export interface Transport {
  readonly input: Readable;
  readonly output: Writable;
  /** Why it ended; asked after the end of `input`. */
  why(): Promise<string>;
  close(): void;
}

/** How to get a supervisor that is not there. */
const cure = "start it with 'service bhyvecd start', or with 'bhyvec supervise' in the foreground";

/** A sentence for a socket that cannot be connected to. */
export function socketProblem(socket: string, error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOENT':
      return `there is no supervisor: no socket ${socket}; ${cure}`;
    case 'ECONNREFUSED':
      return `the supervisor of ${socket} does not run any more; ${cure}`;
    case 'EACCES':
    case 'EPERM': {
      const groups = "or join the group that 'bhyvec supervise --group' names";
      return `you may not connect to ${socket}; be root, ${groups}`;
    }
    case 'EINVAL':
    case 'ENAMETOOLONG':
      return `the path of the socket is too long for a unix socket: ${socket}`;
    default:
      return `cannot connect to ${socket}: ${error.message}`;
  }
}

/** Connects to a socket of this host. */
export async function connectSocket(socket: string): Promise<ReturnType<typeof createConnection>> {
  const connection = createConnection({ path: socket, allowHalfOpen: true });
  return await new Promise((resolve, reject) => {
    connection.once('connect', () => {
      connection.removeAllListeners('error');
      resolve(connection);
    });
    connection.once('error', (error) => {
      reject(new ConnectionProblem(socketProblem(socket, error)));
    });
  });
}

async function openUnix(socket: string): Promise<Transport> {
  const connection = await connectSocket(socket);
  connection.on('error', () => undefined);
  return {
    input: connection,
    output: connection,
    why: () => Promise.resolve('the supervisor has closed the connection'),
    close: () => connection.destroy(),
  };
}

async function openSsh(target: Target & { readonly kind: 'ssh' }, program: string): Promise<Transport> {
  const child = spawn(program, sshWords(target), { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => {
      const words = `cannot run ${program}: ${error.message}; install OpenSSH, or set BHYVEC_SSH`;
      reject(new ConnectionProblem(words));
    });
  });
  for (const stream of [child.stdin, child.stdout]) stream.on('error', () => undefined);
  return {
    input: child.stdout,
    output: child.stdin,
    why: async () => sshProblem(target, await ended),
    close() {
      // The end of its input lets ssh and the far side end by themselves.
      child.stdin.end();
      child.stdout.destroy();
      child.unref();
    },
  };
}

/** Opens the stream that a URI names. */
export async function openTransport(
  target: Target,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Transport> {
  if (target.kind === 'unix') return await openUnix(target.socket ?? defaultSocket(environment));
  const program = environment['BHYVEC_SSH'] ?? '';
  return await openSsh(target, program === '' ? 'ssh' : program);
}
