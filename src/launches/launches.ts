/** Starts launchers: `launch once` for a turn, `launch clean` and `launch destroy` for what another one has left. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, fstatSync, openSync, rmSync } from 'node:fs';
import { hookXml, lastLineFrom, openOutput, probeReports } from './guest-files.ts';
import type { Log } from '../system/log.ts';
import type { LaunchPaths } from './paths.ts';
import { readFailure } from './facts.ts';
import { createReportReader } from './report-file.ts';
import { reasonOf } from '../system/trouble.ts';

/** Limits of the launcher, in seconds. */
export interface LauncherLimits {
  /** From the power button to force. */
  readonly stop: number;
  /** From force to SIGKILL. */
  readonly force: number;
  /** For the loader; null for what the launcher was compiled with. */
  readonly loader: number | null;
}

/** What starting a launcher needs. */
export interface LaunchOptions {
  readonly paths: LaunchPaths;
  readonly log: Log;
  /** Sees to it that the files of a turn are there; a warm start takes those that are. Rejects where they cannot be. */
  readonly prepare: (guest: string, xml: string, warm: boolean) => Promise<void>;
  readonly limits: LauncherLimits;
  /** All of the environment that a launcher gets, beside what stands here. */
  readonly environment: Readonly<Record<string, string>>;
}

/** How a launcher ended. */
export interface LauncherEnd {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last line that it said; null where it said nothing. */
  readonly said: string | null;
  /** Why it failed, for programs; null where it did not, or did not say. */
  readonly code: string | null;
}

/** Starts launchers. */
export interface Launches {
  /** Prepares the files of a turn and starts its launcher. Rejects where it cannot be started. */
  once(start: OnceStart): Promise<void>;
  /** Runs `launch clean` or `launch destroy` to its end. Rejects where it cannot be started. */
  clean(guest: string, how: 'clean' | 'destroy', xml: string): Promise<LauncherEnd>;
}

/** A turn to be started. */
export interface OnceStart {
  readonly guest: string;
  readonly turn: number;
  /** Take the files that are there. */
  readonly warm: boolean;
  /** The domain XML of the turn. */
  readonly xml: string;
  /** False once nobody wants it any more. */
  readonly isWanted: () => boolean;
  /** Called at once with its number. */
  readonly started: (launcher: number) => void;
  readonly ended: (end: Omit<LauncherEnd, 'code'>) => void;
}

/** Makes the starter. */
export function createLaunches(options: LaunchOptions): Launches {
  const { paths, log, prepare, limits } = options;

  function environmentFor(guest: string, report: string): Record<string, string> {
    return {
      ...options.environment,
      ...(paths.root === '' ? {} : { BHYVEC_ROOT: paths.root }),
      ...{ BHYVEC_REPORT: report, BHYVEC_ADOPT_NODE: '1' },
      ...(existsSync(paths.hook) ? { BHYVEC_HOOKS: paths.hook } : {}),
      BHYVEC_HOOK_XML: `${paths.guest(guest)}/${hookXml}`,
      BHYVEC_STOP_LIMIT: String(limits.stop),
      BHYVEC_FORCE_LIMIT: String(limits.force),
      ...(limits.loader === null ? {} : { BHYVEC_LOADER_LIMIT: String(limits.loader) }),
    };
  }

  /** The log of a guest, or nothing where it cannot be written: the guest runs all the same. */
  function outputFor(guest: string, rotate: boolean): { readonly descriptor: number; readonly size: number } {
    try {
      const descriptor = openOutput(paths, guest, rotate);
      return { descriptor, size: fstatSync(descriptor).size };
    } catch (error) {
      log(`${guest}: cannot write ${paths.output(guest)}: ${reasonOf(error)}; it runs without this log`);
      return { descriptor: openSync('/dev/null', 'a'), size: 0 };
    }
  }

  function run(
    guest: string,
    words: readonly string[],
    report: string,
    ended: (end: Omit<LauncherEnd, 'code'>) => void,
    failed: (error: Error) => void,
  ): number | null {
    const { descriptor, size } = outputFor(guest, words[0] === 'once');
    try {
      const child = spawn('/bin/sh', [paths.launcher(guest), ...words], {
        // A session of its own: it outlives the supervisor, and a terminal does not reach it.
        detached: true,
        stdio: ['ignore', descriptor, descriptor],
        env: environmentFor(guest, report),
        cwd: '/',
      });
      child.on('error', failed);
      child.on('exit', (status, signal) => {
        ended({ status, signal, said: lastLineFrom(paths, guest, size) });
      });
      child.unref();
      return child.pid ?? null;
    } finally {
      closeSync(descriptor);
    }
  }

  return {
    async once({ guest, turn, warm, xml, isWanted, started, ended }) {
      await prepare(guest, xml, warm);
      probeReports(paths);
      if (!isWanted()) throw new Error('it is not wanted any more');
      await new Promise<void>((resolve, reject) => {
        const pid = run(guest, ['once', String(turn)], paths.report(guest, turn), ended, reject);
        if (pid === null) return;
        started(pid);
        resolve();
      });
    },
    async clean(guest, how, xml) {
      await prepare(guest, xml, true);
      // No turn has this number: who follows turns does not see it.
      const report = paths.report(guest, 0);
      rmSync(report, { force: true });
      const end = await new Promise<Omit<LauncherEnd, 'code'>>((resolve, reject) => {
        run(guest, [how], report, resolve, reject);
      });
      const facts = createReportReader(report).read() ?? [];
      rmSync(report, { force: true });
      const failed = facts.find(({ fact }) => fact?.kind === 'failed')?.fact;
      // A launcher of an older build reports a run only.
      const code = failed?.kind === 'failed' ? failed.code : readFailure(end.said ?? '').code;
      return { ...end, code };
    },
  };
}
