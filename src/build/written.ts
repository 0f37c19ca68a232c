/**
 * What one build of many knows of the guests that it wrote: one whose files are as they were left needs none of them made again.
 * Files are told by their status: a file is what it was where inode, size, mode and both its times are, and none of the times is
 * so near to the look that a further change could have the same.
 */
import { lstatSync } from 'node:fs';
import path from 'node:path';
import { contentOf, type Artefact, type Hash } from '../backends/backend.ts';
import { FolderProblem } from './problem.ts';
import { readPresent } from './folder.ts';

/** What a file is to be, without what is in it. */
export interface Sight extends Pick<Artefact, 'path' | 'mode'> {
  /** Of all that is in it. Of a secret, too: it is kept in memory only. */
  readonly sha256: string;
}

/** A guest as it is to be in the folder. */
export interface WrittenGuest<Entry> {
  readonly name: string;
  /** What the manifest has of it. */
  readonly entry: Entry;
  /** Paths are those below its folder. */
  readonly files: readonly Sight[];
}

/** A guest whose files are there as they are to be. */
export interface StandingGuest<Entry> {
  readonly entry: Entry;
  /** Paths below the folder of the build. */
  readonly files: readonly string[];
}

/** The guests of one folder, by their plan. */
export interface Written<Plan extends object, Entry> {
  /** Those whose files are there as they are to be, of those that are asked about. */
  standing(plans: readonly Plan[]): ReadonlyMap<Plan, StandingGuest<Entry>>;
  /** Looks at the files of guests, and notes those that are as they are to be. */
  note(guests: ReadonlyMap<Plan, WrittenGuest<Entry>>): void;
}

interface Noted<Entry> extends StandingGuest<Entry> {
  readonly stamps: readonly string[];
}

/** Time in which a file may change again without another time of change, in ms; coarse file systems count seconds. */
const [fine, coarse] = [100, 2000];

/** What a file is to be. */
export function sightOf(file: Artefact, sha256: Hash): Sight {
  return { path: file.path, mode: file.mode, sha256: sha256(contentOf(file)) };
}

/**
 * Makes one that knows of no guest.
 * @param clock the time now, in ms
 */
export function createWritten<Plan extends object, Entry>(
  folder: string,
  sha256: Hash,
  clock = Date.now,
): Written<Plan, Entry> {
  const noted = new WeakMap<Plan, Noted<Entry>>();
  const isStanding = ({ files, stamps }: Noted<Entry>): boolean => {
    const now = stampsOf(folder, files, Infinity);
    return now !== null && now.every((stamp, i) => stamp === stamps[i]);
  };
  return {
    standing(plans) {
      const known = plans.flatMap((plan) => {
        const found = noted.get(plan);
        return found !== undefined && isStanding(found) ? [[plan, found] as const] : [];
      });
      return new Map(known);
    },
    note(guests) {
      for (const [plan, { name, entry, files: artefacts }] of guests) {
        const files = artefacts.map((file) => `${name}/${file.path}`);
        // The stamps come first: what changes while the files are read has others.
        const stamps = stampsOf(folder, files, clock());
        if (stamps === null || !artefacts.every((file) => isThere(folder, inFolder(name, file), sha256)))
          noted.delete(plan);
        else noted.set(plan, { entry, files, stamps });
      }
    },
  };
}

function inFolder(name: string, file: Sight): Sight {
  return { ...file, path: `${name}/${file.path}` };
}

/** Whether a file below the folder is what it is to be. */
export function isThere(folder: string, { path: file, mode, sha256: known }: Sight, sha256: Hash): boolean {
  try {
    const present = readPresent(folder, file);
    return present?.mode === mode && sha256(present.bytes) === known;
  } catch (error) {
    if (error instanceof FolderProblem) return false;
    throw error;
  }
}

/** The stamps of files and of the folders that they are in; null where one of them says nothing. */
function stampsOf(folder: string, files: readonly string[], now: number): readonly string[] | null {
  const folders = [...new Set(files.map((file) => path.dirname(file)))];
  const stamps = [
    ...folders.map((name) => folderStamp(path.join(folder, name))),
    ...files.map((name) => fileStamp(path.join(folder, name), now)),
  ];
  const known = stamps.filter((stamp) => stamp !== null);
  return known.length === stamps.length ? known : null;
}

/** A link in its place, or another folder, is not the one that was written into. */
function folderStamp(name: string): string | null {
  const status = lstatSync(name, { throwIfNoEntry: false });
  return status?.isDirectory() === true ? [status.dev, status.ino].join(' ') : null;
}

/** What is younger than a further change could be told from says nothing. */
function fileStamp(name: string, now: number): string | null {
  const status = lstatSync(name, { throwIfNoEntry: false });
  if (status?.isFile() !== true) return null;
  const { dev, ino, size, mode, mtimeMs, ctimeMs } = status;
  const isCoarse = [mtimeMs, ctimeMs].every((time) => time % 1000 === 0);
  if (now - Math.max(mtimeMs, ctimeMs) < (isCoarse ? coarse : fine)) return null;
  return [dev, ino, size, mode, mtimeMs, ctimeMs].join(' ');
}
