/** Diagnostics as text for people: a headline, a code frame, help, and the change that would mend the mistake. */
import { editLines, frame, type FrameRow, type Mark } from './frame.ts';
import type { Severity } from './message.ts';
import { printable } from './printable.ts';
import type { Diagnostic, Note } from './reporter.ts';
import { positionOf, type Span } from './source.ts';

type Paint = (text: string) => string;

/** The colours that the renderer asks for; those of picocolors fit. */
export interface Palette {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly yellow: Paint;
  readonly blue: Paint;
  readonly cyan: Paint;
  readonly green: Paint;
}

const asIs: Paint = (text) => text;

/** No colours at all. */
export const plain: Palette = { bold: asIs, dim: asIs, red: asIs, yellow: asIs, blue: asIs, cyan: asIs, green: asIs };

/** Notes this many lines or fewer from the main place are shown in its frame. */
const near = 6;

function paintOf(severity: Severity, palette: Palette): Paint {
  if (severity === 'error') return palette.red;
  return severity === 'warning' ? palette.yellow : palette.cyan;
}

/** Where a span starts, as `file:line:column`. */
export function placeOf(span: Span): string {
  const { line, column } = positionOf(span.source, span.start);
  return `${printable(span.source.name)}:${String(line)}:${String(column)}`;
}

/** The rows with a gutter in front; the gutter is as wide as the widest number. */
function gutter(rows: readonly FrameRow[], width: number, paint: Paint, palette: Palette): readonly string[] {
  const empty = `${' '.repeat(width)} ${palette.blue('|')}`;
  return rows.map((row) => {
    if (row.kind === 'gap') return palette.blue('...');
    if (row.kind === 'line') {
      return `${palette.blue(String(row.number).padStart(width))} ${palette.blue('|')} ${row.text}`.trimEnd();
    }
    const colour = row.primary ? paint : palette.blue;
    const label = row.label === '' ? '' : ` ${colour(row.label)}`;
    return `${empty} ${row.indent}${colour(row.underline)}${label}`;
  });
}

function widthOf(rows: readonly FrameRow[]): number {
  return rows.reduce((width, row) => (row.kind === 'line' ? Math.max(width, String(row.number).length) : width), 1);
}

function isNear(note: Note, main: Span): boolean {
  if (note.span.source !== main.source) return false;
  const lineOf = (span: Span): number => positionOf(span.source, span.start).line;
  return Math.abs(lineOf(note.span) - lineOf(main)) <= near;
}

function editRows(diagnostic: Diagnostic, palette: Palette): readonly string[] {
  if (diagnostic.edit === null) return [];
  const { before, after } = editLines(diagnostic.edit.span, diagnostic.edit.text);
  const common = Math.min(...[...before, ...after].filter((line) => line !== '').map((line) => line.search(/\S/)));
  const cut = (line: string): string => line.slice(Number.isFinite(common) ? Math.max(common, 0) : 0);
  return [
    ...before.map((line) => palette.red(`- ${cut(line)}`)),
    ...after.map((line) => palette.green(`+ ${cut(line)}`)),
  ];
}

/** One diagnostic, in lines; the last one ends in a newline, and an empty line follows. */
export function renderDiagnostic(diagnostic: Diagnostic, palette: Palette = plain): string {
  const { span, severity, code, name, notes } = diagnostic;
  const paint = paintOf(severity, palette);
  const main: Mark = { span, label: diagnostic.label ?? '', primary: true };
  const nearNotes = notes.filter((note) => isNear(note, span));
  const marks = [main, ...nearNotes.map((note): Mark => ({ span: note.span, label: note.text, primary: false }))];
  // An empty text is that of a file which could not be taken for a text: there is nothing to show.
  const rows = span.source.text === '' ? [] : frame(span.source, marks);
  const farFrames = notes
    .filter((note) => !isNear(note, span))
    .map((note) => ({ note, rows: frame(note.span.source, [{ span: note.span, label: '', primary: false }]) }));
  const width = Math.max(widthOf(rows), ...farFrames.map((one) => widthOf(one.rows)));
  const margin = ' '.repeat(width + 1);
  const title = palette.bold(paint(`${severity}[${code} ${name}]`));
  const lines = [
    `${palette.bold(`${placeOf(span)}:`)} ${title}: ${palette.bold(printable(diagnostic.message))}`,
    ...gutter(rows, width, paint, palette),
    ...farFrames.flatMap((one) => [
      `${margin}${palette.blue('=')} ${placeOf(one.note.span)}: ${palette.cyan('note')}: ${printable(one.note.text)}`,
      ...gutter(one.rows, width, paint, palette),
    ]),
  ];
  if (diagnostic.help !== null && diagnostic.help !== '') {
    lines.push(`${margin}${palette.blue('=')} ${palette.cyan('help')}: ${printable(diagnostic.help)}`);
  }
  lines.push(...editRows(diagnostic, palette).map((row) => `${margin}  ${row}`));
  return `${lines.join('\n')}\n\n`;
}

/** Findings of one code that are shown of a document; of further ones only the number is told. */
const shownOfOneKind = 10;

/** The diagnostics of a document: of each kind the first ten, and at the end how many more there are of it. */
export function* renderDiagnostics(diagnostics: readonly Diagnostic[], palette: Palette = plain): Generator<string> {
  const kinds = new Map<string, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    const key = `${diagnostic.severity}[${diagnostic.code} ${diagnostic.name}]`;
    const same = kinds.get(key) ?? [];
    kinds.set(key, same);
    same.push(diagnostic);
    if (same.length <= shownOfOneKind) yield renderDiagnostic(diagnostic, palette);
  }
  for (const [kind, same] of kinds) {
    const [first] = same;
    const more = same.length - shownOfOneKind;
    if (first === undefined || more <= 0) continue;
    const lines = [same[shownOfOneKind], same.at(-1)].map((one) => lineOf(one ?? first));
    const where = more === 1 ? `line ${String(lines[0])}` : `lines ${lines.map(String).join(' to ')}`;
    const title = paintOf(first.severity, palette)(kind);
    yield `${printable(first.span.source.name)}: ${String(more)} more of ${title}, ${where}; --format json has all\n\n`;
  }
}

function lineOf({ span }: Diagnostic): number {
  return positionOf(span.source, span.start).line;
}

/** How many findings of each kind there are, and in how many files. */
export interface Tally {
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
  /** Files with at least one finding. */
  readonly filesWithFindings: number;
  readonly files: number;
}

function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** The closing line, such as `3 errors, 1 warning in 2 of 10 files`. */
export function renderSummary(tally: Tally): string {
  const parts = [
    [tally.errors, 'error'] as const,
    [tally.warnings, 'warning'] as const,
    [tally.notes, 'note'] as const,
  ].filter(([count]) => count > 0);
  if (parts.length === 0) return `no mistakes in ${counted(tally.files, 'file')}\n`;
  const files =
    tally.filesWithFindings === tally.files
      ? counted(tally.files, 'file')
      : `${String(tally.filesWithFindings)} of ${counted(tally.files, 'file')}`;
  return `${parts.map(([count, noun]) => counted(count, noun)).join(', ')} in ${files}\n`;
}
