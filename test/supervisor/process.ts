/** The supervisor as a process of its own, from the bundle, so that it can be killed; and a small client of its socket. */
import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { Method, Methods } from '../../src/control/wire-table.ts';
import { pathsBelow, type Paths } from '../../src/supervisor/paths.ts';
import type { Host } from '../host/host.ts';
import { folderWithProgram } from '../bundled.ts';
import { quickEnvironment, xmlOf } from './harness.ts';
import { until } from '../until.ts';

/** The programs of the bundle. */
export interface Programs {
  /** bhyvec itself. */
  readonly main: string;
  /** The supervisor alone. */
  readonly supervisor: string;
  remove(): void;
}

/** Gives the programs, in a folder of their own. */
export async function buildPrograms(): Promise<Programs> {
  const folder = await folderWithProgram();
  return {
    main: path.join(folder, 'dist/bhyvec.mjs'),
    supervisor: path.join(folder, 'dist/bhyvec-supervisor.mjs'),
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A supervisor in a process. */
export interface Supervised {
  readonly host: Host;
  readonly paths: Paths;
  readonly child: ChildProcess;
  readonly pid: number;
  /** What it has said. */
  said(): string;
  /** Resolves with its exit status. */
  readonly ended: Promise<number | null>;
  call<M extends Method>(method: M, params: Methods[M]['params']): Promise<Methods[M]['result']>;
  define(name: string, ...options: Parameters<typeof xmlOf> extends [string, ...infer R] ? R : never): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** SIGTERM. */
  end(): Promise<number | null>;
}

/** Connects to a socket and speaks the protocol: one call after the other. */
export class Client {
  private readonly socket: Socket;
  private rest = '';
  private count = 0;
  private readonly waiting = new Map<number, (answer: Record<string, unknown>) => void>();

  constructor(file: string) {
    this.socket = createConnection(file);
    this.socket.on('error', () => undefined);
    this.socket.on('data', (chunk: Buffer) => {
      const lines = `${this.rest}${chunk.toString()}`.split('\n');
      this.rest = lines.pop() ?? '';
      for (const line of lines) {
        const answer = JSON.parse(line) as Record<string, unknown>;
        this.waiting.get(Number(answer['id']))?.(answer);
      }
    });
    this.socket.on('close', () => {
      for (const act of this.waiting.values()) act({ error: { message: 'the connection was closed' } });
    });
  }

  async call(method: string, params: unknown): Promise<unknown> {
    this.count += 1;
    const id = this.count;
    const answer = await new Promise<Record<string, unknown>>((resolve) => {
      this.waiting.set(id, resolve);
      this.socket.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    });
    const error = answer['error'] as { message: string } | undefined;
    if (error !== undefined) throw new Error(error.message);
    return answer['result'];
  }

  end(): void {
    this.socket.destroy();
  }
}

/** Starts the process of a supervisor, with short limits. */
export function spawnSupervisor(
  programs: Programs,
  host: Host,
  words: readonly string[] = [],
): ChildProcessByStdio<null, null, Readable> {
  const limits = ['--target', 'freebsd-14.3', '--stop-limit', '2', '--force-limit', '1', '--loader-limit', '5'];
  return spawn(process.execPath, [programs.supervisor, ...limits, ...words], {
    env: { ...host.env, ...quickEnvironment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/** Starts a supervisor; resolves when it serves its socket, or has ended. */
export async function supervise(programs: Programs, host: Host, words: readonly string[] = []): Promise<Supervised> {
  const paths = pathsBelow(host.root);
  const child = spawnSupervisor(programs, host, words);
  let said = '';
  let isOver = false;
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', (status) => {
      isOver = true;
      resolve(status);
    });
  });
  await until(() => isOver || said.includes('keeps guests as process'), 'a supervisor');
  let client: Client | null = null;
  const call = async <M extends Method>(method: M, params: Methods[M]['params']): Promise<Methods[M]['result']> => {
    client ??= new Client(paths.socket);
    return (await client.call(method, params)) as Methods[M]['result'];
  };
  return {
    ...{ host, paths, child, ended, call },
    pid: child.pid ?? -1,
    said: () => said,
    async define(name, ...options) {
      await call('domain.define', { xml: xmlOf(name, ...options), name: `${name}.xml` });
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
      client?.end();
    },
    async end() {
      child.kill('SIGTERM');
      const status = await ended;
      client?.end();
      return status;
    },
  };
}
