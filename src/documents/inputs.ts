/** What the operands of a command stand for: files, folders, patterns, standard input; and reading them, up to a limit. */
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { problemOf } from '../system/file-problems.ts';
import { largestDocument } from '../text/limits.ts';

/** One document to be read. */
export interface Input {
  /** As diagnostics name it. */
  readonly name: string;
  /** Null for standard input. */
  readonly path: string | null;
}

/** An operand, or a file, of which nothing can be made, and why. */
export interface InputProblem {
  readonly problem: string;
}

/** Bytes that are read of a document at most; one more than is accepted, so that who decodes it sees that it is too long. */
export const readLimit = largestDocument + 1;

function filesIn(folder: string): readonly (Input | InputProblem)[] {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name.endsWith('.xml') && !entry.isDirectory())
    .map((entry) => path.join(folder, entry.name))
    .toSorted();
  if (names.length === 0) return [{ problem: `${folder}: there is no file *.xml in this directory` }];
  return names.map((name) => (isBlocking(name) ? { problem: `${name}: is not a file` } : { name, path: name }));
}

/** A FIFO or a device that nobody has named: whoever reads it may wait for ever. What is not there is told by its reader. */
function isBlocking(name: string): boolean {
  try {
    return !statSync(name).isFile();
  } catch {
    return false;
  }
}

/** Whether the operand has a character that is special in a pattern. */
export function isPattern(operand: string): boolean {
  return /[*?[{]/.test(operand);
}

async function expandOperand(operand: string): Promise<readonly (Input | InputProblem)[]> {
  if (operand === '-') return [{ name: '<stdin>', path: null }];
  if (operand === '') return [{ problem: 'the name of a file is empty' }];
  if (isPattern(operand) && !existsSync(operand)) {
    const { expandGlob } = await import('./glob.ts');
    const { files, unreadable } = expandGlob(operand);
    const found = files.map((name) =>
      isBlocking(name) ? { problem: `${name}: is not a file` } : { name, path: name },
    );
    const problems = unreadable.map(({ folder, error }) => problemOf(folder, error));
    return found.length + problems.length === 0 ? [noMatch(operand)] : [...problems, ...found];
  }
  try {
    return statSync(operand).isDirectory() ? filesIn(operand) : [{ name: operand, path: operand }];
  } catch (error) {
    return [problemOf(operand, error)];
  }
}

/** Says why nothing matches, where the folder that a pattern begins with is not there. */
function noMatch(pattern: string): InputProblem {
  const before = pattern.slice(0, pattern.search(/[*?[{]/));
  const folder = before.includes('/') ? before.slice(0, before.lastIndexOf('/') + 1) : '.';
  try {
    readdirSync(folder);
  } catch (error) {
    return problemOf(folder, error);
  }
  return { problem: `${pattern}: no file matches this pattern` };
}

/** One key for all names of a file. */
export function keyOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return path.resolve(file); // it cannot be read either, which is said then
  }
}

/** What the operands stand for, in their order, nothing twice. */
export async function expandOperands(operands: readonly string[]): Promise<readonly (Input | InputProblem)[]> {
  const seen = new Set<string>();
  const expanded = await Promise.all(operands.map(expandOperand));
  return expanded.flat().filter((one) => {
    const key = 'problem' in one ? one.problem : one.path === null ? '-' : keyOf(one.path);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function readFile(file: string): Uint8Array {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const chunks: Uint8Array[] = [];
    let left = readLimit;
    // A pipe or a device has no size; its pieces are read until the end or the limit.
    while (left > 0) {
      const chunk = Buffer.allocUnsafe(Math.min(left, size === 0 ? 65_536 : size + 1));
      const count = readSync(descriptor, chunk, 0, chunk.length, null);
      if (count === 0) break;
      chunks.push(chunk.subarray(0, count));
      left -= count;
    }
    return chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks);
  } finally {
    closeSync(descriptor);
  }
}

async function readStandardInput(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  const stream: AsyncIterable<unknown> = process.stdin;
  for await (const chunk of stream) {
    if (!(chunk instanceof Buffer)) continue;
    chunks.push(chunk);
    length += chunk.length;
    if (length >= readLimit) break;
  }
  return Buffer.concat(chunks).subarray(0, readLimit);
}

/** The bytes of a document, {@link readLimit} at most. */
export async function readInput(input: Input): Promise<Uint8Array | InputProblem> {
  try {
    return input.path === null ? await readStandardInput() : readFile(input.path);
  } catch (error) {
    return problemOf(input.name, error);
  }
}
