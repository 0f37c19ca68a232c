/**
 * The compiled form of a grammar: what scripts/generate-schema.mjs writes as JSON and the engine reads. Each list of
 * numbers is a sequence of rows; a row is a kind, the number of its arguments and the arguments. Where a row speaks of
 * another one it gives the place at which that one begins; -1 is "none". Names and texts stand once in `strings`.
 */

/** A grammar as rows. */
export interface GrammarTable {
  readonly strings: readonly string[];
  /** Name classes; the first number of a row is one of {@link nameOp}. */
  readonly names: readonly number[];
  /** Patterns; the first number of a row is one of {@link nodeOp}. */
  readonly nodes: readonly number[];
  /** Two numbers for each element pattern: name class, content. */
  readonly elements: readonly number[];
  /** The pattern of the document. */
  readonly start: number;
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
  /** type, text, 1 where it is offered, then the words that people write for it */
  value: 11,
} as const;
