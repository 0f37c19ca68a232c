/** Starts the program that stays, and asks it; a test waits for an answer as it would for a process. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import path from 'node:path';
import { found } from '../until.ts';
import type { Run } from './program.ts';

/** The program that stays. */
export interface Resident {
  run(words: readonly string[], env: Readonly<Record<string, string>>): Run;
  /** The same while others in this process go on; one after another. */
  ask(words: readonly string[], env: Readonly<Record<string, string>>): Promise<Run>;
  end(): void;
}

interface Running {
  readonly pid: number;
  readonly requests: number;
  readonly answers: number;
}

const pauseMs = 2;
const cell = new Int32Array(new SharedArrayBuffer(4));

/** Whether a process runs, which nobody could tell by its events while a test waits. */
function isRunning(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${String(pid)}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

function start(folder: string, main: string): Running {
  const [requests, answers] = ['requests', 'answers'].map((name) => path.join(folder, `.${name}`));
  if (requests === undefined || answers === undefined) throw new Error('no fifos');
  spawnSync('mkfifo', [requests, answers]);
  const script = path.join(import.meta.dirname, 'resident.mjs');
  const child = spawn(process.execPath, [script, main, requests, answers], { cwd: folder, stdio: 'ignore' });
  child.unref();
  if (child.pid === undefined) throw new Error('node does not start');
  // Nobody waits for a writer of the answers here: a program that has ended is told by the end of them.
  const answerEnd = openSync(answers, constants.O_RDONLY | constants.O_NONBLOCK);
  return { pid: child.pid, requests: openSync(requests, 'r+'), answers: answerEnd };
}

/** Reads one line of the answers, each time as much of it as there is; undefined until it is whole. */
function lineReader({ pid, answers }: Running): () => string | undefined {
  const chunk = Buffer.alloc(1 << 16);
  const chunks: Buffer[] = [];
  return () => {
    for (;;) {
      const got = readSome(answers, chunk);
      if (got === 0 && !isRunning(pid)) throw new Error('the program that stays has ended');
      if (got <= 0) return undefined;
      const bytes = Buffer.from(chunk.subarray(0, got));
      chunks.push(bytes);
      if (bytes.at(-1) === 10) return Buffer.concat(chunks).toString();
    }
  };
}

/** One line of the answers. */
function readLine(running: Running): string {
  const read = lineReader(running);
  for (;;) {
    const line = read();
    if (line !== undefined) return line;
    Atomics.wait(cell, 0, 0, pauseMs);
  }
}

/** How many bytes there are; -1 for none yet, 0 where nobody writes. */
function readSome(file: number, chunk: Buffer): number {
  try {
    return readSync(file, chunk);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return -1;
    throw error;
  }
}

/** Starts it with its first command. @param main the file that node runs, with `folder` as its working directory */
export function startResident(folder: string, main: string): Resident {
  let running: Running | null = null;
  let last: Promise<unknown> = Promise.resolve();
  const request = (words: readonly string[], env: Readonly<Record<string, string>>): Running => {
    running ??= start(folder, main);
    writeSync(running.requests, `${JSON.stringify({ words, env })}\n`);
    return running;
  };
  return {
    run: (words, env) => JSON.parse(readLine(request(words, env))) as Run,
    ask(words, env) {
      const answer = last.then(async () => {
        const line = await found(lineReader(request(words, env)), 'the program that stays does not answer');
        return JSON.parse(line) as Run;
      });
      last = answer.catch(() => undefined);
      return answer;
    },
    end() {
      if (running === null) return;
      if (isRunning(running.pid)) process.kill(running.pid, 'SIGKILL');
      for (const file of [running.requests, running.answers]) closeSync(file);
    },
  };
}
