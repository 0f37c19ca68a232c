/**
 * A source text and the places in it. Offsets are UTF-16 code units from the start of `text`; lines and columns are
 * counted from 1, a column is a UTF-16 code unit. Everything that can be pointed at is a {@link Span}.
 */

/** The bytes of files by the names that a text has for them, or why one cannot be read; what is too long is cut behind its limit. */
export type NamedFiles = ReadonlyMap<string, Uint8Array | string>;

/** One text that a user wrote: a domain XML file or a host profile. */
export interface SourceFile {
  /** The name as the user gave it; `<stdin>` for standard input. */
  readonly name: string;
  readonly text: string;
  /** The places of secrets, in order, which are never shown; asked only when something of the text is. */
  readonly secrets?: () => readonly Pick<Span, 'start' | 'end'>[];
  readonly files?: NamedFiles;
  /** The values of the text that are made of variables, in order; asked only when a finding is about one of them. */
  readonly filled?: () => readonly Filled[];
  /** The name of the part, where nothing else is known of the text (`parts.ts`). */
  readonly part?: string;
}

/** A half-open range `[start, end)` of a source file. */
export interface Span {
  readonly source: SourceFile;
  readonly start: number;
  readonly end: number;
}

/** A value that is made of variables: it is not what stands in its place. */
export interface Filled extends Pick<Span, 'start' | 'end'> {
  /** The value itself. */
  readonly text: string;
  /** The variables in it, and where each has its value. */
  readonly used: readonly { readonly name: string; readonly span: Span }[];
}

/** The places that something came from, the main one first; never empty, for defaults too. */
export type Origins = readonly [Span, ...Span[]];

/** A place as people read it: both numbers from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const lineStarts = new WeakMap<SourceFile, readonly number[]>();

/** The offset at which each line of the source starts. LF, CR LF and a lone CR end a line (XML 1.0, section 2.11). */
export function lineTable(source: SourceFile): readonly number[] {
  const known = lineStarts.get(source);
  if (known !== undefined) return known;
  const starts = [0];
  const { text } = source;
  for (let offset = 0; offset < text.length; offset++) {
    const unit = text.charCodeAt(offset);
    if (unit === 10 || (unit === 13 && text.charCodeAt(offset + 1) !== 10)) starts.push(offset + 1);
  }
  lineStarts.set(source, starts);
  return starts;
}

/** Line and column of an offset; an offset outside the text is moved to its nearest end. */
export function positionOf(source: SourceFile, offset: number): Position {
  const starts = lineTable(source);
  const inside = Math.min(Math.max(offset, 0), source.text.length);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= inside) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: inside - (starts[low] ?? 0) + 1 };
}

/** The text of one line, without its line end. `line` counts as in a position; a line that does not exist is empty. */
export function lineText(source: SourceFile, line: number): string {
  const starts = lineTable(source);
  const index = line - 1;
  const start = starts[index];
  if (start === undefined) return '';
  return source.text.slice(start, starts[index + 1] ?? source.text.length).replace(/\r?\n$|\r$/, '');
}

/** A value and the place where the user wrote it. */
export interface Located<T> {
  readonly value: T;
  readonly at: Span;
}
