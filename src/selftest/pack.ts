/**
 * Many files that are nearly the same as one text: each run of lines once, and for each file the numbers of its lines. What unpacks it is
 * sh/unpack.sh. So a script can hold the launchers of all guests for all releases and stays short.
 */
import { invariant } from '../diagnostics/invariant.ts';

/** A file of a set. */
export interface PackedFile {
  readonly path: string;
  readonly text: string;
}

/** Files that belong together. */
export interface FileSet {
  /** One word. */
  readonly name: string;
  readonly files: readonly PackedFile[];
}

/** The packed sets. */
export interface Packed {
  /** The lines of all files; what several of them have is there once. */
  readonly lines: readonly string[];
  /** `set NAME`, and `file PATH RANGES` for each of its files: `5` or `5-9`, counted from 1. */
  readonly index: readonly string[];
}

/** Lines that a run has at least, where a copy is worth its two numbers. */
const shortestRun = 3;

/** Packs sets of files; each file ends in a newline, as all files of a build do. */
export function pack(sets: readonly FileSet[]): Packed {
  const pool = createPool();
  const index = sets.flatMap(({ name, files }) => [
    `set ${name}`,
    ...files.map(({ path, text }) => {
      invariant(text.endsWith('\n'), `${path} does not end in a newline`);
      return `file ${path} ${pool.add(text.slice(0, -1).split('\n')).join(' ')}`;
    }),
  ]);
  return { lines: pool.lines, index };
}

interface Pool {
  readonly lines: readonly string[];
  /** Gives the ranges of the lines; what is nowhere in the pool is put at its end. */
  add(text: readonly string[]): readonly string[];
}

function createPool(): Pool {
  const lines: string[] = [];
  const places = new Map<string, number[]>();
  const put = (line: string): void => {
    places.set(line, [...(places.get(line) ?? []), lines.length]);
    lines.push(line);
  };
  /** The longest run of lines that begins in the text at a place, in what the pool had before this text. */
  const longest = (text: readonly string[], at: number, end: number): { from: number; length: number } => {
    let found = { from: 0, length: 0 };
    for (const from of places.get(text[at] ?? '') ?? []) {
      let length = 0;
      while (from + length < end && at + length < text.length && lines[from + length] === text[at + length]) length++;
      if (length > found.length) found = { from, length };
    }
    return found;
  };
  const add = (text: readonly string[]): readonly string[] => {
    const ranges: [number, number][] = [];
    const end = lines.length;
    for (let at = 0; at < text.length;) {
      const run = longest(text, at, end);
      const isWorth = run.length >= shortestRun || at + run.length === text.length;
      const taken = isWorth ? run : { from: lines.length, length: 1 };
      if (!isWorth) put(text[at] ?? '');
      const last = ranges.at(-1);
      if (last?.[1] === taken.from) last[1] += taken.length;
      else ranges.push([taken.from, taken.from + taken.length]);
      at += taken.length;
    }
    return ranges.map(([from, to]) => (to === from + 1 ? String(to) : `${String(from + 1)}-${String(to)}`));
  };
  return { lines, add };
}
