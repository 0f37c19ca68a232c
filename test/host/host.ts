// A stand-in FreeBSD host for tests: README.md says what it models. All functions work on one root folder, so tests
// may run several hosts at once.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { found, until } from '../until.ts';
import {
  armFault,
  armPause,
  disarm,
  killEverything,
  readPaused,
  release,
  resetHost,
  runningGuest,
  setScript,
  tellGuest,
} from './lib/control.mjs';
import { createRoot } from './lib/create.mjs';
import { furnish } from './lib/furnish.mjs';
import { countCommands, readConfig, readHistory, received } from './lib/records.mjs';
import { processes, readState } from './lib/state.mjs';
import { warmPlan } from './lib/warm.mjs';

export type HostOptions = NonNullable<Parameters<typeof createRoot>[1]>;
export type Command = ReturnType<typeof readHistory>[number];
export type StateOptions = NonNullable<Parameters<typeof readState>[1]>;
export type FaultOptions = NonNullable<Parameters<typeof armFault>[2]>;
export type Paused = NonNullable<ReturnType<typeof readPaused>>;

export interface Result {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly cwd?: string;
}

export interface Running {
  readonly pid: number;
  readonly child: ChildProcess;
  readonly done: Promise<Result>;
  readonly kill: (signal: NodeJS.Signals) => void;
}

export interface Host {
  readonly root: string;
  /** PATH and BHYVEC_ROOT for a process that shall see this host. */
  readonly env: Readonly<Record<string, string>>;
  /** The place of a path of the host. */
  readonly path: (name: string) => string;
  readonly start: (command: string, args?: readonly string[], options?: RunOptions) => Running;
  readonly run: (command: string, args?: readonly string[], options?: RunOptions) => Promise<Result>;
  readonly state: (options?: StateOptions) => string;
  readonly history: () => Command[];
  readonly received: (name: string) => string[][];
  readonly config: (name: string) => string[];
  readonly forks: () => number;
  readonly processes: () => { pid: number; label: string }[];
  /** The numbers of the processes that are a guest's bhyve, also before it is done with its devices. */
  readonly bhyves: (name: string) => number[];
  /** Parses bhyve's words beforehand, in this process, so that the start with them needs no Node. */
  readonly warm: (words: readonly string[]) => void;
  /** Makes what a command of the guest names and nobody has made; the program is the first word. */
  readonly furnish: (words: readonly string[]) => void;
  /** What guest `name` (`*`: every guest) plays on its next starts. */
  readonly script: (name: string, ...entries: string[]) => void;
  readonly loaderScript: (name: string, ...entries: string[]) => void;
  readonly play: (name: string, entry: string) => void;
  readonly fail: (nth: number, options?: FaultOptions) => void;
  readonly pause: (nth: number, options?: FaultOptions) => void;
  readonly disarm: () => void;
  readonly paused: () => Promise<Paused>;
  /** The command at which a run pauses; null where it is over without one, and nothing is armed any more then. */
  readonly pausedOrOver: (running: Running) => Promise<Paused | null>;
  readonly release: (options?: { abort?: boolean }) => void;
  readonly waitRunning: (name: string) => Promise<number>;
  readonly waitFor: (condition: () => boolean) => Promise<void>;
  readonly reset: () => void;
  readonly dispose: () => void;
}

export const HOST_BIN = fileURLToPath(new URL('bin', import.meta.url));

export function createHost(options: HostOptions = {}): Host {
  const root = mkdtempSync(path.join(tmpdir(), 'bhyvec-host-'));
  createRoot(root, options);
  const env = { PATH: `${HOST_BIN}:${process.env['PATH'] ?? '/usr/bin:/bin'}`, HOME: '/', BHYVEC_ROOT: root };
  const start: Host['start'] = (command, args = [], runOptions = {}) =>
    startProcess(command, args, { ...runOptions, env: { ...env, ...runOptions.env } });
  return {
    root,
    env,
    path: (name) => path.join(root, name),
    start,
    run: (command, args, runOptions) => start(command, args, runOptions).done,
    state: (stateOptions) => readState(root, stateOptions),
    history: () => readHistory(root),
    received: (name) => received(root, name),
    config: (name) => readConfig(root, name),
    forks: () => countCommands(root),
    processes: () => processes(root),
    bhyves: (name) =>
      processes(root).flatMap(({ pid, label }) =>
        label === `bhyve ${name}` || label === `setup ${name}` ? [pid] : [],
      ),
    warm: (words) => {
      warmPlan(root, words);
    },
    furnish: (words) => {
      furnish(root, words);
    },
    script: (name, ...entries) => {
      setScript(root, name, entries);
    },
    loaderScript: (name, ...entries) => {
      setScript(root, name, entries, 'loader');
    },
    play: (name, entry) => {
      tellGuest(root, name, entry);
    },
    fail: (nth, faultOptions) => {
      armFault(root, nth, faultOptions);
    },
    pause: (nth, faultOptions) => {
      armPause(root, nth, faultOptions);
    },
    disarm: () => {
      disarm(root);
    },
    paused: () => found(() => readPaused(root), 'no command paused'),
    pausedOrOver: async (running) => {
      const state = { over: false };
      void running.done.then(() => (state.over = true));
      const paused = await found(() => readPaused(root) ?? (state.over ? null : undefined), 'no command paused');
      if (paused === null) disarm(root);
      return paused;
    },
    release: (releaseOptions) => {
      release(root, releaseOptions);
    },
    waitRunning: (name) => found(() => runningGuest(root, name), `${name} does not run`),
    waitFor: until,
    reset: () => {
      resetHost(root);
    },
    dispose: () => {
      killEverything(root);
      rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
    },
  };
}

function startProcess(command: string, args: readonly string[], options: RunOptions): Running {
  const child = spawn(command, args, { ...options, env: { ...options.env }, stdio: ['pipe', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const done = new Promise<Result>((resolve, reject) => {
    const finish = (): void => {
      resolve({ status: child.exitCode, signal: child.signalCode, stdout, stderr });
    };
    child.on('error', reject).on('close', finish);
    // A guest in the background may keep the pipes open: what is in them now is all that counts. They are read between
    // two immediates, until there is nothing more.
    child.on('exit', () => {
      const drain = (length: number): void => {
        const read = stdout.length + stderr.length;
        if (read === length) finish();
        else setImmediate(drain, read);
      };
      setImmediate(() => setImmediate(drain, -1));
    });
  });
  return { pid: child.pid ?? -1, child, done, kill: (signal) => void child.kill(signal) };
}
