/**
 * The socket file. It is bound under another name in a folder that only the owner can enter, gets its mode and group
 * there, and is then renamed: there is no moment in which somebody else could connect, and none without the file.
 */
import { chmodSync, lstatSync, mkdtempSync, renameSync, rmSync, unlinkSync } from 'node:fs';
import { createConnection, type Server } from 'node:net';
import path from 'node:path';
import { run } from '../../system/command.ts';

/** The socket cannot be served; the message says what to do. */
export class ControlProblem extends Error {
  override readonly name = 'ControlProblem';
}

/** The most bytes of a socket's path: sun_path of FreeBSD's unix(4) has 104 with the NUL. */
const longestPath = 103;
const temporary = '.s-';
const lengthOfTemporary = '/.s-XXXXXX/s'.length;

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** What stands at the path: `answers` if a process serves it. */
async function lookAt(file: string): Promise<'nothing' | 'no socket' | 'stale' | 'answers'> {
  const stats = lstatSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return 'nothing';
  if (!stats.isSocket()) return 'no socket';
  return await new Promise((resolve, reject) => {
    const probe = createConnection(file);
    probe.on('connect', () => {
      probe.destroy();
      resolve('answers');
    });
    probe.on('error', (error) => {
      const code = codeOf(error);
      if (code === 'ECONNREFUSED' || code === 'ENOENT') resolve('stale');
      // Its queue is full: somebody is there.
      else if (code === 'EAGAIN') resolve('answers');
      else reject(new ControlProblem(`cannot ask whether ${file} is in use: ${error.message}`));
    });
  });
}

function checkLength(file: string): void {
  const longest = Math.max(Buffer.byteLength(file), Buffer.byteLength(path.dirname(file)) + lengthOfTemporary);
  if (longest <= longestPath) return;
  const excess = String(longest - longestPath);
  throw new ControlProblem(`the path of the socket is ${excess} bytes too long for a unix socket: ${file}`);
}

async function listen(server: Server, file: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path: file, backlog: 1024 }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Gives the socket, or the folder that it is in, to a group. Throws a {@link ControlProblem} where that fails. */
export async function setGroup(file: string, group: string): Promise<void> {
  // chgrp(1) knows the groups of all databases, and takes numbers too.
  const { status, err, problem } = await run('chgrp', ['--', group, file]);
  if (status === 0) return;
  const why = err.trim() === '' ? (problem ?? `status ${String(status)}`) : err.trim();
  throw new ControlProblem(`the socket cannot be given to the group ${JSON.stringify(group)}: ${why}`);
}

/** Removes the socket file if it is still the one that was made. */
export type Unbind = () => void;

/** Makes a server listen at a path; a file that a dead supervisor left is replaced. */
export async function bindSocket(server: Server, file: string, mode: number, group: string | null): Promise<Unbind> {
  checkLength(file);
  const there = await lookAt(file);
  if (there === 'answers') {
    throw new ControlProblem(`a supervisor serves ${file} already; stop it first, or choose another --socket`);
  }
  if (there === 'no socket') {
    throw new ControlProblem(`${file} is there and is no socket; remove it, or choose another --socket`);
  }
  let folder: string | null = null;
  try {
    folder = mkdtempSync(path.join(path.dirname(file), temporary));
    const first = path.join(folder, 's');
    await listen(server, first);
    if (group !== null) await setGroup(first, group);
    chmodSync(first, mode);
    const { ino, dev } = lstatSync(first);
    renameSync(first, file);
    return () => {
      const now = lstatSync(file, { throwIfNoEntry: false });
      if (now?.ino === ino && now.dev === dev) unlinkSync(file);
    };
  } catch (error) {
    server.close();
    if (error instanceof ControlProblem) throw error;
    throw new ControlProblem(`cannot make the socket ${file}: ${error instanceof Error ? error.message : ''}`);
  } finally {
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  }
}
