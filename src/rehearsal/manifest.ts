/** What a rehearsal reads of a build: its manifest, and which guests are to run, in the order in which they can start. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { manifestName, manifestVersion } from '../backends/tree.ts';
import type { Takes } from '../backends/takes.ts';
import { FolderProblem, aboutFile } from '../build/folder.ts';

/** One guest of a build. */
export interface BuiltGuest {
  readonly name: string;
  readonly arch: string;
  readonly takes: Takes;
  /** What follows when the guest powers off. */
  readonly onPoweroff: string;
}

/** A build, as far as a rehearsal needs it. */
export interface Build {
  readonly target: string;
  /** FreeBSD release that it is for; null where the host profile did not say. */
  readonly release: string | null;
  readonly guests: readonly BuiltGuest[];
}

/** The manifest as our own build writes it. */
interface Manifest extends Omit<Build, 'guests'> {
  readonly version: number;
  readonly guests: Readonly<Record<string, ManifestGuest>>;
}
type ManifestGuest = Omit<BuiltGuest, 'name'> & { readonly files: Readonly<Record<string, object>> };

/** Reads the manifest of a build. Throws a {@link FolderProblem}. */
export function readBuild(folder: string): Build {
  const file = path.join(folder, manifestName);
  const text = aboutFile(file, () => readFileSync(file, 'utf8'));
  const manifest = parse(text);
  if (manifest === null) throw new FolderProblem(`${file}: is not a manifest of this bhyvec: build the guests again`);
  const { target, release, guests } = manifest;
  for (const [name, { files }] of Object.entries(guests)) {
    if (!('launch' in files)) throw new FolderProblem(`${folder}/${name}: was built without its launcher`);
  }
  return { target, release, guests: Object.entries(guests).map(([name, guest]) => ({ name, ...guest })) };
}

function parse(text: string): Manifest | null {
  try {
    const value: unknown = JSON.parse(text);
    return isManifest(value) ? value : null;
  } catch {
    return null;
  }
}

/** The version stands for the whole shape; what a hand may have spoilt is looked at all the same. */
function isManifest(value: unknown): value is Manifest {
  if (!isFields(value) || value['version'] !== manifestVersion || !isFields(value['guests'])) return false;
  const { release, target, guests } = value;
  const isTarget = typeof target === 'string' && (release === null || typeof release === 'string');
  return isTarget && Object.entries(guests).every(([name, guest]) => isName(name) && isGuest(guest));
}

function isName(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(name);
}

const lists = [
  'programs',
  'bridges',
  'taps',
  'files',
  'directories',
  'nvram',
  'ppt',
  'managedPpt',
  'sockets',
  'limits',
  'startAfter',
];

function isGuest(value: unknown): boolean {
  if (!isFields(value) || !isFields(value['files']) || !isFields(value['takes'])) return false;
  const { takes } = value;
  return lists.every((name) => Array.isArray(takes[name]));
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The guests of these names, or all; each after those that it starts after. Throws a {@link FolderProblem}. */
export function chooseGuests({ guests }: Build, names: readonly string[]): readonly BuiltGuest[] {
  const byName = new Map(guests.map((guest) => [guest.name, guest]));
  const unknown = names.find((name) => !byName.has(name));
  if (unknown !== undefined) {
    throw new FolderProblem(`there is no guest '${unknown}' in this build; there are ${[...byName.keys()].join(', ')}`);
  }
  const wanted = new Set(names.length === 0 ? byName.keys() : names);
  const ordered = new Set<BuiltGuest>();
  const visit = (guest: BuiltGuest, path: readonly BuiltGuest[]): void => {
    if (path.includes(guest)) return;
    for (const name of guest.takes.startAfter) {
      const other = byName.get(name);
      if (other !== undefined && wanted.has(name)) visit(other, [...path, guest]);
    }
    ordered.add(guest);
  };
  for (const guest of guests) if (wanted.has(guest.name)) visit(guest, []);
  return [...ordered];
}
