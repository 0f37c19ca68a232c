/**
 * One supervisor for each journal. Each writes down a claim of its own first, then looks at those of all others, so that
 * of two the later one sees the earlier. The claim of a process that is gone is worth nothing: a killed supervisor
 * blocks nobody. (Node has no flock(2), and lockf(1) would be another process to look after.)
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Processes } from './processes.ts';
import { errorCode, reasonOf, Trouble } from './trouble.ts';

/** Gives the journal back. */
export type Release = () => void;

interface Claim {
  readonly file: string;
  readonly pid: number;
  readonly kind: 'claim' | 'held';
  readonly started: string;
}

function readClaim(file: string): Claim | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
  const pid = Number(/\d+$/.exec(file)?.[0]);
  const [, kind, started = ''] = /^(claim|held) (.*)\n$/.exec(text) ?? [];
  return { file, pid, kind: kind === 'held' ? 'held' : 'claim', started };
}

function claimsBeside(journal: string): readonly Claim[] {
  const prefix = `${path.basename(journal)}.lock.`;
  return readdirSync(path.dirname(journal)).flatMap((name) => {
    if (!name.startsWith(prefix) || !/^\d+$/.test(name.slice(prefix.length))) return [];
    return readClaim(path.join(path.dirname(journal), name)) ?? [];
  });
}

/** The claims of other processes that still run. */
async function others(journal: string, processes: Processes): Promise<readonly Claim[]> {
  const claims = claimsBeside(journal).filter(({ pid }) => pid !== process.pid);
  if (claims.length === 0) return [];
  const seen = await processes.look(claims.map(({ pid }) => pid));
  return claims.filter(({ pid, started }) => {
    const there = seen.get(pid);
    return there !== undefined && (started === '' || there.started === started);
  });
}

async function contend(journal: string, processes: Processes, asked: AbortSignal | undefined): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    asked?.throwIfAborted();
    const rivals = await others(journal, processes);
    const first = rivals.find(({ kind, pid }) => kind === 'held' || pid < process.pid);
    if (first !== undefined) {
      throw new Trouble(
        `another supervisor has ${journal}: process ${String(first.pid)}; stop it first (service bhyvecd stop), ` +
          'or talk to it: bhyvec list',
      );
    }
    if (rivals.length === 0) return;
    await delay(100);
  }
  throw new Trouble(`${journal} is claimed by another supervisor that does not go on`);
}

/**
 * Takes the lock of a journal or throws a {@link Trouble} that names who has it.
 * @param asked aborted when it is not wanted any more: then its reason is thrown
 */
export async function lockJournal(journal: string, processes: Processes, asked?: AbortSignal): Promise<Release> {
  const file = `${journal}.lock.${String(process.pid)}`;
  const started = (await processes.look([process.pid])).get(process.pid)?.started ?? '';
  const release = (): void => {
    rmSync(file, { force: true });
  };
  try {
    writeFileSync(file, `claim ${started}\n`, { mode: 0o600 });
    await contend(journal, processes, asked);
    writeFileSync(file, `held ${started}\n`);
    // Those that are left are of processes that are gone.
    for (const claim of claimsBeside(journal)) if (claim.file !== file) rmSync(claim.file, { force: true });
  } catch (error) {
    release();
    if (error instanceof Trouble || asked?.aborted === true) throw error;
    throw new Trouble(`${file}: ${reasonOf(error)}`);
  }
  return release;
}
