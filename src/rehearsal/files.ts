/** The files of guests and networks as a rehearsal takes them from a build: those that the manifest names, as the build wrote them. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { hashedContent, isBinary } from '../backends/tree.ts';
import { FolderProblem } from '../build/problem.ts';
import { networksFolder } from '../ir/network/network-plan.ts';
import type { Build, BuiltFile, BuiltGuest, BuiltNetwork } from './manifest.ts';
import type { Unit } from './units.ts';
import { readBuilt } from './read-built.ts';

/** A file that is put on the stand-in host. */
export interface InstalledFile {
  /** Below the folder of the guest or network, or beside it. */
  readonly path: string;
  readonly text: string;
  /** Where it is none of text. */
  readonly bytes?: Uint8Array;
  readonly mode: number;
}

/** What is read, and whether it may be other than the build wrote it. */
interface Reading {
  /** Of the build. */
  readonly folder: string;
  readonly edited: boolean;
}

/**
 * Reads the files of guests and networks, by their folders below that of the build. A launcher is a program and runs with the rights
 * of who rehearses: unless `edited` says so, one that is not what the build wrote does not run. Throws a {@link FolderProblem}.
 */
export function readUnitFiles(
  { guests, networks }: Unit,
  reading: Reading,
): ReadonlyMap<string, readonly InstalledFile[]> {
  const read = (folder: string, { files }: BuiltGuest | BuiltNetwork): readonly InstalledFile[] =>
    readFiles(files, `${folder}/`, reading);
  return new Map([
    ...networks.map((network) => [networkFolder(network), read(networkFolder(network), network)] as const),
    ...guests.map((guest) => [guest.name, withSecrets(read(guest.name, guest))] as const),
  ]);
}

/** The folder of a network, in a build and on a host. */
export function networkFolder({ name }: BuiltNetwork): `${typeof networksFolder}/${string}` {
  return `${networksFolder}/${name}`;
}

/** A build that is checked in has no passwords: bhyve then reads a file without any. */
function withSecrets(files: readonly InstalledFile[]): readonly InstalledFile[] {
  const secrets: InstalledFile = { path: 'secrets.conf', text: '# none in this build\n', mode: 0o600 };
  return files.some(({ path: name }) => name === secrets.path) ? files : [...files, secrets];
}

/** The same for the files that guests share. */
export function readSharedFiles(build: Build, reading: Reading): readonly InstalledFile[] {
  return readFiles(build.files ?? {}, '', reading);
}

function readFiles(
  files: Readonly<Record<string, BuiltFile>>,
  place: string,
  { folder, edited }: Reading,
): readonly InstalledFile[] {
  return Object.entries(files).map(([name, known]) => {
    const file = `${place}${name}`;
    const { text, bytes } = readBuilt(folder, file);
    const content = isBinary(name) ? { text: '', bytes } : { text };
    if (!edited && !isAsBuilt({ path: name, ...content }, known)) {
      throw new FolderProblem(
        `${path.join(folder, file)}: was changed since the build: build again, or rehearse it as it is with --edited`,
      );
    }
    return { path: name, ...content, mode: Number.parseInt(known.mode, 8) };
  });
}

function isAsBuilt(file: Omit<InstalledFile, 'mode'>, { sha256, secret }: BuiltFile): boolean {
  const content = hashedContent({ ...file, secret: secret === true });
  return createHash('sha256').update(content).digest('hex') === sha256;
}

/** The most folders that a path in a text can climb: `..` as a component, counted line by line. */
export function climbsIn(text: string): number {
  const counts = text.split('\n').map((line) => line.match(/(?<![^/\s'",=:])\.\.(?![^/\s'",:])/g)?.length ?? 0);
  return counts.reduce((most, count) => Math.max(most, count), 0);
}
