/**
 * A lock among processes, as files `PREFIX.PID`. Each process writes down a claim of its own first, then looks at those of
 * all others, so that of two the later one sees the earlier. The claim of a process that is gone is worth nothing, and so
 * is that of a number that another process has now, which has begun after the claim was written: a killed owner blocks
 * nobody, and ps(1) is asked only where there is a claim. (Node has no flock(2), and lockf(1) would be another process to
 * look after.)
 */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { exists, type Processes } from './processes.ts';
import { readRegular } from './regular-file.ts';
import { errorCode, reasonOf, Trouble } from './trouble.ts';

/** Gives the lock back. */
export type Release = () => void;

/** Start times of those of the numbers that stand for a process, as ps(1) prints them; empty where it is not known. */
export type Identify = (pids: readonly number[]) => Promise<ReadonlyMap<number, string>>;

/** What is to be locked. */
export interface LockOptions {
  /** The path that claims begin with; its folder has to be there. */
  readonly prefix: string;
  readonly identify: Identify;
  /** Aborted when it is not wanted any more: then its reason is thrown. */
  readonly asked?: AbortSignal;
}

/** Another process has the lock. */
export class Locked extends Error {
  override readonly name = 'Locked';
  readonly pid: number;
  constructor(pid: number) {
    super(`process ${String(pid)} has the lock`);
    this.pid = pid;
  }
}

/** What one process has written down. */
export interface Claim {
  readonly file: string;
  readonly pid: number;
  readonly kind: 'claim' | 'held';
  /** When it was written down, as Date.parse reads it. */
  readonly written: string;
}

const largestClaim = 1024;

/** A claim is a file with its words, or an empty one that is being written; null for anything else. */
function readClaim(file: string): Claim | null {
  try {
    const found = readRegular(file, largestClaim);
    if (found.kind !== 'file') return null;
    const pid = Number(/\d+$/.exec(file)?.[0]);
    const [whole, kind, written = ''] = /^(claim|held) (.*)\n$/.exec(found.text) ?? [];
    if (whole === undefined && found.text !== '') return null;
    return { file, pid, kind: kind === 'held' ? 'held' : 'claim', written };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** The files that are claims of a lock at this moment. */
export function claimsOf(prefix: string): readonly Claim[] {
  const [folder, first] = [path.dirname(prefix), `${path.basename(prefix)}.`];
  return readdirSync(folder).flatMap((name) => {
    const isNamed = name.startsWith(first) && /^\d+$/.test(name.slice(first.length));
    return isNamed ? (readClaim(path.join(folder, name)) ?? []) : [];
  });
}

/**
 * Whether a process that began then, by ps(1) in UTC, was there when the claim was written. Where one of the times is not
 * known, the number alone has to do. Linux may tell a start a second too late.
 */
function wasThere(started: string, written: string): boolean {
  const [begin, claim] = [Date.parse(`${started} UTC`), Date.parse(written)];
  return Number.isNaN(begin) || Number.isNaN(claim) || begin - claim <= 2000;
}

/** The claims of other processes that still run. */
async function others({ prefix, identify }: LockOptions): Promise<readonly Claim[]> {
  const claims = claimsOf(prefix).filter(({ pid }) => pid !== process.pid);
  if (claims.length === 0) return [];
  const seen = await identify(claims.map(({ pid }) => pid));
  return claims.filter(({ pid, written }) => {
    const started = seen.get(pid);
    return started !== undefined && wasThere(started, written);
  });
}

/** So often, ten times a second, somebody is waited for that is about to give way: it may be stopped, and never will. */
const patience = 100;

/** Goes on until nobody else has a claim: of two that come together, the one with the higher number gives way. */
async function contend(options: LockOptions): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    options.asked?.throwIfAborted();
    const rivals = await others(options);
    const first = rivals.find(({ kind, pid }) => kind === 'held' || pid < process.pid);
    if (first !== undefined) throw new Locked(first.pid);
    const [rival] = rivals;
    if (rival === undefined) return;
    if (tries === patience) throw new Locked(rival.pid);
    await delay(100);
  }
}

/** Takes a lock. Throws {@link Locked} where another process has it, or an error of the file system. */
export async function lock(options: LockOptions): Promise<Release> {
  const { prefix } = options;
  const file = `${prefix}.${String(process.pid)}`;
  const written = new Date().toISOString();
  const release = (): void => {
    rmSync(file, { force: true });
  };
  try {
    writeFileSync(file, `claim ${written}\n`, { mode: 0o600 });
    await contend(options);
    writeFileSync(file, `held ${written}\n`);
    // Those that are left are of processes that are gone.
    for (const claim of claimsOf(prefix)) if (claim.file !== file) rmSync(claim.file, { force: true });
  } catch (error) {
    release();
    throw error;
  }
  return release;
}

/** Identifies processes by ps(1). */
export function identifyBy(processes: Processes): Identify {
  return async (pids) => new Map([...(await processes.look(pids))].map(([pid, { started }]) => [pid, started]));
}

/** The same where there may be no ps(1) that knows start times: the numbers alone then. */
export function identifyAnyhow(processes: Processes): Identify {
  const identify = identifyBy(processes);
  return async (pids) =>
    await identify(pids).catch(() => new Map(pids.flatMap((pid) => (exists(pid) ? [[pid, ''] as const] : []))));
}

/**
 * Takes the lock of a journal, of which there is one for each supervisor, or throws a {@link Trouble} that names who has it.
 * @param asked aborted when it is not wanted any more: then its reason is thrown
 */
export async function lockJournal(journal: string, processes: Processes, asked?: AbortSignal): Promise<Release> {
  const prefix = `${journal}.lock`;
  try {
    return await lock({ prefix, identify: identifyBy(processes), ...(asked === undefined ? {} : { asked }) });
  } catch (error) {
    if (asked?.aborted === true) throw error;
    if (!(error instanceof Locked)) throw new Trouble(`cannot lock ${journal}: ${reasonOf(error)}`);
    throw new Trouble(
      `another supervisor has ${journal}: process ${String(error.pid)}; stop it first (service bhyvecd stop), ` +
        'or talk to it: bhyvec list',
    );
  }
}
