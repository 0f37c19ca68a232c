/** One run of a guest from outside: the folder of the run, the tether that holds the launcher, the report as it grows. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { run } from '../system/command.ts';
import { createProcesses, type Processes, type Seen } from '../system/processes.ts';
import { emitRun } from '../backends/emit.ts';
import type { Fact } from '../launches/facts.ts';
import { createReportReader } from '../launches/report-file.ts';
import type { Plan } from '../ir/plan.ts';
import { seedFile } from '../ir/steps/seed.ts';
import { tetherScript } from './tether.ts';

/** One guest. */
export interface Guest {
  readonly plan: Plan;
  /** The text of secrets.conf; null where there is none. */
  readonly secrets: string | null;
  /** The volume of cloud-init; null where there is none. */
  readonly seed: Uint8Array | null;
}

/** A run that is over. */
export interface Over {
  readonly facts: readonly Fact[];
  /** The exit status of the launcher as sh tells it; null where nobody knows. */
  readonly launcherStatus: number | null;
  /** What bhyve and the loader have printed, without the launcher's own lines. */
  readonly output: string;
  /** The folder of the run, where it is still needed; else null. */
  readonly kept: string | null;
}

/** A run that goes on. */
export interface Keeper {
  /** Asks the guest to power off; from the second call on presses harder. */
  stop(): void;
  readonly over: Promise<Over>;
}

const lookEvery = 50;

/** Writes what the launcher consists of into a private folder. Throws where nothing can be written. */
export function makeFolder({ plan, secrets, seed }: Guest, root: string): string {
  const folder = mkdtempSync(path.join(root, '/var/run/bhyvec-run-'));
  try {
    writeFileSync(path.join(folder, 'launch'), emitRun(plan).launcher, { mode: 0o700 });
    if (secrets !== null) writeFileSync(path.join(folder, 'secrets.conf'), secrets, { mode: 0o600 });
    if (seed !== null) writeFileSync(path.join(folder, seedFile), seed, { mode: 0o600 });
    return folder;
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Starts the launcher in the folder; `tell` is called with each fact of its report. */
export function startKeeper(folder: string, vmname: string, tell: (fact: Fact) => void): Keeper {
  const report = path.join(folder, 'report');
  const reader = createReportReader(report);
  const facts: Fact[] = [];
  const processes = createProcesses(process.env);
  const tether = spawn('/bin/sh', ['-c', tetherScript, 'bhyvec-run', folder], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
    cwd: '/',
    env: { ...process.env, BHYVEC_REPORT: report },
  });
  const pipe = tether.stdio[3];
  // A tether that is gone is noticed by its end.
  pipe?.on('error', () => undefined);
  const write = (text: string): void => {
    if (pipe instanceof Writable) pipe.write(text);
  };
  const look = (): void => {
    for (const { fact } of reader.read() ?? []) {
      if (fact === null) continue;
      facts.push(fact);
      tell(fact);
    }
  };
  const timer = setInterval(look, lookEvery);
  const closed = new Promise<void>((resolve) => {
    tether.once('close', () => {
      resolve();
    });
  });
  const told = new Promise<string | null>((resolve, reject) => {
    let words = '';
    tether.stdout?.setEncoding('utf8').on('data', (text: string) => {
      words += text;
      if (words.includes('\n')) resolve(words);
    });
    // Nobody else has its output: where that ends without a word, the tether was killed.
    tether.stdout?.once('end', () => {
      resolve(null);
    });
    tether.once('error', reject);
  });
  const over = async (): Promise<Over> => {
    const words = await told;
    const isTold = words !== null;
    const [, launcherStatus] = /^ended (\d+)\n/.exec(words ?? '') ?? [];
    if (!isTold) {
      // Its reader may have outlived the tether: it passes this on, and ends.
      write('TERM\n');
      if (pipe instanceof Writable) pipe.end();
      await outliveTether({ folder, facts, look, processes });
    }
    clearInterval(timer);
    look();
    const output = outputOf(folder, vmname);
    if (isTold && pipe instanceof Writable) pipe.end();
    await closed;
    if (!isTold && facts.at(-1)?.kind === 'undone') rmSync(folder, { recursive: true, force: true });
    return {
      facts,
      launcherStatus: launcherStatus === undefined ? null : Number(launcherStatus),
      output,
      kept: existsSync(path.join(folder, 'launch')) ? folder : null,
    };
  };
  let requests = 0;
  return {
    stop() {
      requests += 1;
      write(requests === 1 ? 'TERM\n' : 'USR1\n');
    },
    over: over(),
  };
}

interface Orphaned {
  readonly folder: string;
  readonly facts: Fact[];
  readonly look: () => void;
  readonly processes: Processes;
}

/**
 * The tether was killed: the launcher is asked to end, and waited for; where it was killed too, its work is unmade here. The
 * launcher is whoever has the folder of this run in its words: a number alone may be that of another process by now.
 */
async function outliveTether({ folder, facts, look, processes }: Orphaned): Promise<void> {
  const isOver = (): boolean => ['undone', 'kept', 'left'].includes(facts.at(-1)?.kind ?? '');
  const asked = new Set<number>();
  for (;;) {
    look();
    if (isOver()) return;
    const left = await processesOf(folder, processes);
    if (left.length === 0) break;
    for (const { pid, command } of left) {
      if (asked.has(pid) || !command.includes(`${folder}/launch`)) continue;
      asked.add(pid);
      endProcess(pid);
    }
    await delay(4 * lookEvery);
  }
  look();
  if (isOver()) return;
  const { status } = await run('/bin/sh', [path.join(folder, 'launch'), 'clean']);
  if (status === 0) facts.push({ kind: 'undone' });
}

/** The launcher of the run, and what the tether has begun and has not become the launcher yet. */
async function processesOf(folder: string, processes: Processes): Promise<readonly Seen[]> {
  try {
    const all = await processes.all();
    return all.filter(({ command }) => command.includes(`${folder}/launch `) || command.endsWith(` ${folder}`));
  } catch {
    // Where nobody can see processes, the lock of the launcher still holds: the clean-up finds it.
    return [];
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch {
    // It has ended just now.
  }
}

/** The launcher's own lines begin with the name of the guest; what they say is in the report. */
function outputOf(folder: string, vmname: string): string {
  const file = path.join(folder, 'output');
  if (!existsSync(file)) return '';
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith(`${vmname}: `)).join('\n');
}
