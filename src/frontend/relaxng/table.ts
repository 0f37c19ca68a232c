/**
 * The compiled form of a grammar: what scripts/generate-schema.mjs writes as JSON and the engine reads. All rows are
 * numbers; names and texts stand once in `strings`. A row refers to another one by its index; -1 is "none". The rows
 * of a kind are one text, a line each, so that loading costs little and only the rows in use are read.
 */
import { invariant } from '../../diagnostics/invariant.ts';

/** A grammar as rows. */
export interface GrammarTable {
  readonly strings: readonly string[];
  /** Name classes; the first number of a row is one of {@link nameOp}. */
  readonly names: string;
  /** Patterns; the first number of a row is one of {@link nodeOp}. */
  readonly nodes: string;
  /** Element patterns: name class, content. */
  readonly elements: string;
  /** The pattern of the document. */
  readonly start: number;
}

/** The rows of one kind, read when they are asked for. */
export type RowReader = (index: number) => readonly number[];

/** Makes a reader of rows. */
export function readRows(text: string): RowReader {
  const lines = text.split('\n');
  return (index) => {
    const line = lines[index];
    invariant(line !== undefined, `the compiled grammar has no row ${String(index)}`);
    return line.split(' ').map(Number);
  };
}

/** The text of rows. */
export function writeRows(rows: readonly (readonly number[])[]): string {
  return rows.map((row) => row.join(' ')).join('\n');
}

/** The kinds of name class rows, with what follows. */
export const nameOp = {
  /** namespace, local name */
  name: 0,
  /** exception */
  any: 1,
  /** namespace, exception */
  namespace: 2,
  /** name classes */
  choice: 3,
} as const;

/** The kinds of pattern rows, with what follows. */
export const nodeOp = {
  empty: 0,
  notAllowed: 1,
  text: 2,
  /** patterns */
  choice: 3,
  /** patterns */
  group: 4,
  /** patterns */
  interleave: 5,
  /** pattern */
  oneOrMore: 6,
  /** pattern */
  list: 7,
  /** element */
  element: 8,
  /** name class, pattern */
  attribute: 9,
  /** type, label, exception, then name and text of each parameter */
  data: 10,
  /** type, text */
  value: 11,
} as const;
