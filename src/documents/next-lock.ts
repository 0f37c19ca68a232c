/** What a build makes of the lock: what is to be in it, and what that changes. */
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { lockText } from '../hardware/lock-text.ts';
import { pruned } from '../hardware/prune.ts';
import type { Hardware } from '../ir/hardware.ts';
import type { DialectName } from '../dialect/dialect.ts';
import type { Together } from './documents.ts';

/** The lock before and after a build; null where nothing is locked. */
export interface NextLock {
  readonly path: string;
  /** Null where there is none yet. */
  readonly before: string | null;
  readonly after: string;
  readonly hardware: Hardware;
}

/** What the lock is to be. libvirt's dialect makes none: its addresses are those of libvirt. */
export function nextLock(together: Together, dialect: DialectName, prune: boolean): NextLock | null {
  const { lock, guests, files } = together;
  if (lock.path === null || (dialect === 'libvirt' && lock.text === null)) return null;
  const isWhole = together.isWhole ?? (prune && holdsAll(path.dirname(lock.path), files));
  const hardware = prune ? pruned(together.hardware, (guest) => guests.has(guest) || !isWhole) : together.hardware;
  const after = lockText(hardware);
  return { path: lock.path, before: lock.text, after, hardware };
}

/** Whether every domain of the folder is among the files: only then is a guest without one gone. */
function holdsAll(folder: string, files: readonly string[]): boolean {
  const known = new Set(files.map((file) => (existsSync(file) ? realpathSync(file) : file)));
  return readdirSync(folder)
    .filter((name) => name.endsWith('.xml'))
    .every((name) => {
      const file = path.join(folder, name);
      return !existsSync(file) || known.has(realpathSync(file));
    });
}

/** The lines that differ, as `+` and `-` lines; of a long list the first ones. */
export function lockDifference({ before, after }: NextLock, most = 10): readonly string[] {
  const [old, fresh] = [linesOf(before ?? ''), linesOf(after)];
  const lines = [
    ...[...old].filter((line) => !fresh.has(line)).map((line) => `- ${line}`),
    ...[...fresh].filter((line) => !old.has(line)).map((line) => `+ ${line}`),
  ];
  const more = lines.length - most;
  return more > 0 ? [...lines.slice(0, most), `... and ${String(more)} more`] : lines;
}

function linesOf(text: string): ReadonlySet<string> {
  return new Set(text.split('\n').flatMap((line) => (line.startsWith('    ') ? [line.trim().replace(/,$/, '')] : [])));
}
