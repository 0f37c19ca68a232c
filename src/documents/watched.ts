/**
 * What a build is made of, as it is now: `build --watch` compares one look with the next. Looks are taken again and again, since what
 * a system tells of its own accord differs between systems, and is silent on a network file system. A file is read again only
 * where its status has changed; what counts is its content.
 */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { namedFiles } from '../frontend/named-files.ts';
import { errorCode, reasonOf } from '../system/trouble.ts';
import { UsageError } from '../system/terminal.ts';
import { largestFile } from '../text/limits.ts';
import type { CompileFlags } from './flags.ts';
import { expandOperands, readLimit } from './inputs.ts';
import { sourcesOf } from './jobs.ts';
import { lockPathOf } from './lock-file.ts';

/** The content of each file that a build reads, as a hash, by its absolute path; one that cannot be read has the reason. */
export type Look = ReadonlyMap<string, string>;

/** A file as it was read last. */
interface Known {
  readonly stamp: string;
  readonly content: string;
  /** Files that it names, where it is a document. */
  readonly names: readonly string[];
}

/** Time in which a file may change again without another time of change, in ms: coarse file systems count seconds. */
const coarse = 2000;

/** Before what is no file, such as an operand that stands for none. */
const noFile = '?';

/** Gives the look at all that a build with these operands and options reads, the files of passwords in `others` included. */
export function createWatched(
  operands: readonly string[],
  flags: CompileFlags,
  others: readonly string[],
): () => Promise<Look> {
  let known = new Map<string, Known>();
  return async () => {
    const look = new Map<string, string>();
    const seen = new Map<string, Known>();
    const take = (file: string, isDocument = false): void => {
      const whole = path.resolve(file);
      if (seen.has(whole)) return;
      const found = readAgain(whole, known.get(whole), isDocument);
      seen.set(whole, found);
      look.set(whole, found.content);
      for (const name of found.names) take(path.resolve(path.dirname(whole), name));
    };
    const { files, groups } = await sourcesOf(operands, flags);
    for (const group of groups) {
      const inputs = await expandOperands(group.operands);
      for (const input of inputs) {
        if ('problem' in input) look.set(`${noFile}${input.problem}`, '');
        else if (input.path !== null) take(input.path, true);
      }
      const lock = group.lock ?? lockPathOf(inputs.flatMap((input) => ('problem' in input ? [] : input)));
      if (typeof lock === 'string') take(lock);
    }
    for (const file of [...files, ...others]) take(file);
    known = seen;
    return look;
  };
}

/** Whether both looks saw the same. */
export function isSameLook(one: Look, other: Look): boolean {
  return one.size === other.size && [...one].every(([file, content]) => other.get(file) === content);
}

/** The files of a look that another one has otherwise, or has not. */
export function changedFiles(one: Look, other: Look): readonly string[] {
  const names = [...new Set([...filesOf(one), ...filesOf(other)])];
  return names.filter((file) => one.get(file) !== other.get(file));
}

/** The files of a look, whether they are there or not. */
export function filesOf(look: Look): readonly string[] {
  return [...look.keys()].filter((name) => !name.startsWith(noFile));
}

/** How the content of a file stands in a look. */
export function contentOf(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A file that a build has removed, as a look has it. */
export const isGone = 'ENOENT';

function readAgain(file: string, before: Known | undefined, isDocument: boolean): Known {
  try {
    const status = statSync(file);
    // A FIFO or a device gives what it has once.
    if (!status.isFile()) return { stamp: '', content: 'no file', names: [] };
    const { ino, size, mtimeMs, ctimeMs } = status;
    const stamp = [ino, size, mtimeMs, ctimeMs].join(' ');
    if (before?.stamp === stamp && Date.now() - Math.max(mtimeMs, ctimeMs) > coarse) return before;
    if (size > largestFile) return { stamp, content: stamp, names: [] };
    const bytes = readFileSync(file);
    const content = contentOf(bytes);
    if (before?.content === content) return { ...before, stamp };
    return { stamp, content, names: isDocument ? namedFiles(bytes.subarray(0, readLimit)) : [] };
  } catch (error) {
    return { stamp: '', content: errorCode(error) ?? reasonOf(error), names: [] };
  }
}

/** Operands and options that can be read only once make no sense for who reads them again. */
export function refuseUnwatchable(operands: readonly string[], others: readonly (string | undefined)[]): void {
  for (const name of [...operands, ...others]) {
    if (name === undefined) continue;
    if (name !== '-' && !isOnce(name)) continue;
    const what = name === '-' ? 'standard input' : name;
    throw new UsageError(`--watch reads again what has changed, and ${what} can be read once`);
  }
}

/** What is not there, or cannot be asked, is told by the build. */
function isOnce(name: string): boolean {
  try {
    const status = statSync(name);
    return !status.isFile() && !status.isDirectory();
  } catch {
    return false;
  }
}
