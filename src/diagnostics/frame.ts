/**
 * Code frames: source lines with their numbers and the marked places underlined. Only the marked lines are shown;
 * where one is very long (minified XML), a window around each place. Nothing here looks at more of a line than that.
 */
import { displayWidth, printable } from './printable.ts';
import { shownText } from './shown-source.ts';
import { lineTable, positionOf, type SourceFile, type Span } from './source.ts';

/** A place to be marked in a frame. */
export interface Mark {
  readonly span: Span;
  readonly label: string;
  /** The place that the diagnostic is about; the others are there to explain it. */
  readonly primary: boolean;
}

/** One line of a frame; whoever prints it chooses the colours. */
export type FrameRow =
  | { readonly kind: 'line'; readonly number: number; readonly text: string }
  | {
      readonly kind: 'mark';
      readonly indent: string;
      readonly underline: string;
      readonly label: string;
      readonly primary: boolean;
    }
  | { readonly kind: 'gap' };

/** Part of one line: what is shown of it. */
interface Window {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  /** Whether more of the line stands before and after. */
  readonly cut: readonly [boolean, boolean];
  readonly marks: Mark[];
}

/** UTF-16 units of a line that are shown at most. */
const longest = 100;
const ellipsis = '...';

/** Start and end of a line without its line end. */
function lineBounds(source: SourceFile, line: number): readonly [number, number] {
  const starts = lineTable(source);
  const index = line - 1;
  const start = starts[index] ?? source.text.length;
  let end = starts[index + 1] ?? source.text.length;
  while (end > start && /[\r\n]/.test(source.text.charAt(end - 1))) end -= 1;
  return [start, end];
}

/** Moves an offset out of the middle of a surrogate pair. */
function wholeCharacter(text: string, offset: number): number {
  const isTail = (text.charCodeAt(offset) & 0xfc00) === 0xdc00 && (text.charCodeAt(offset - 1) & 0xfc00) === 0xd800;
  return isTail ? offset - 1 : offset;
}

/** What to show of the line that holds an offset: all of it, or a window in which the marked part comes early. */
function windowAround(source: SourceFile, line: number, offset: number): Omit<Window, 'marks'> {
  const [start, end] = lineBounds(source, line);
  if (end - start <= longest) return { line, start, end, cut: [false, false] };
  const from = Math.max(start, Math.min(offset - Math.floor(longest / 3), end - longest));
  const [first, last] = [from, from + longest].map((place) => wholeCharacter(source.text, place));
  return { line, start: first ?? start, end: last ?? end, cut: [from > start, from + longest < end] };
}

/** The part of a mark that lies in its first line. */
function firstLinePart(mark: Mark): { line: number; start: number; end: number } {
  const { source } = mark.span;
  const { line } = positionOf(source, mark.span.start);
  const [lineStart, lineEnd] = lineBounds(source, line);
  const start = Math.min(Math.max(mark.span.start, lineStart), lineEnd);
  return { line, start, end: Math.max(start, Math.min(mark.span.end, lineEnd)) };
}

function windowsOf(source: SourceFile, marks: readonly Mark[]): readonly Window[] {
  const windows: Window[] = [];
  for (const mark of marks) {
    const { line, start, end } = firstLinePart(mark);
    const shown = windows.find(
      (one) => one.line === line && start >= one.start && Math.min(end, start + 20) <= one.end,
    );
    if (shown === undefined) windows.push({ ...windowAround(source, line, start), marks: [mark] });
    else shown.marks.push(mark);
  }
  return windows.toSorted((a, b) => a.line - b.line || a.start - b.start);
}

function rowsOf(source: SourceFile, window: Window): readonly FrameRow[] {
  const shown = (from: number, to: number): string => printable(shownText(source).slice(from, to));
  const before = window.cut[0] ? ellipsis : '';
  const text = (before + shown(window.start, window.end) + (window.cut[1] ? ellipsis : '')).trimEnd();
  const marks = window.marks.map((mark): FrameRow => {
    const part = firstLinePart(mark);
    const end = Math.min(part.end, window.end);
    const width = Math.max(1, displayWidth(shown(part.start, end)));
    return {
      kind: 'mark',
      indent: ' '.repeat(displayWidth(before + shown(window.start, part.start))),
      underline: (mark.primary ? '^' : '-').repeat(width),
      label: printable(mark.label),
      primary: mark.primary,
    };
  });
  return [{ kind: 'line', number: window.line, text }, ...marks];
}

/** The rows that show the marks, which all lie in one source; the primary mark comes first among those of its line. */
export function frame(source: SourceFile, marks: readonly Mark[]): readonly FrameRow[] {
  const primaryFirst = marks.toSorted((a, b) => Number(b.primary) - Number(a.primary) || a.span.start - b.span.start);
  const rows: FrameRow[] = [];
  let last: number | null = null;
  for (const window of windowsOf(source, primaryFirst)) {
    if (last !== null && window.line === last + 2) {
      rows.push(...rowsOf(source, { ...windowAround(source, last + 1, 0), marks: [] }));
    } else if (last !== null && window.line > last + 2) rows.push({ kind: 'gap' });
    rows.push(...rowsOf(source, window));
    last = window.line;
  }
  return rows;
}

/** The lines that an edit touches, before and after it, as far as they are short enough to be shown. */
export function editLines(
  span: Span,
  text: string,
): { readonly before: readonly string[]; readonly after: readonly string[] } {
  const { source } = span;
  const [start] = lineBounds(source, positionOf(source, span.start).line);
  const [, end] = lineBounds(source, positionOf(source, span.end).line);
  const from = Math.max(start, span.start - Math.floor(longest / 2));
  const to = Math.min(end, span.end + Math.floor(longest / 2));
  const head = (from > start ? ellipsis : '') + shownText(source).slice(wholeCharacter(source.text, from), span.start);
  const tail = shownText(source).slice(span.end, wholeCharacter(source.text, to)) + (to < end ? ellipsis : '');
  const linesOf = (middle: string): readonly string[] => {
    const lines = (head + middle + tail).split(/\r\n|\r|\n/).map((line) => printable(clip(line)).trimEnd());
    const written = lines.every((line) => line === '') ? [] : lines;
    return written.length <= 8 ? written : [...written.slice(0, 7), ellipsis];
  };
  return {
    before: linesOf(clip(shownText(source).slice(span.start, span.end), 2000)),
    after: linesOf(clip(text, 2000)),
  };
}

/** Shortens a line that is too long to be shown. */
function clip(line: string, length = 3 * longest): string {
  return line.length <= length ? line : line.slice(0, wholeCharacter(line, length)) + ellipsis;
}
