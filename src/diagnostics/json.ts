/** Diagnostics for programs: one JSON object per diagnostic and line. */
import type { Diagnostic } from './reporter.ts';
import { positionOf, type Span } from './source.ts';

/** A place in a file; lines and columns count from 1, columns in UTF-16 code units, the end is exclusive. */
export interface JsonPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** One diagnostic as it appears in the JSON output. */
export interface JsonDiagnostic extends JsonPlace {
  readonly code: string;
  readonly name: string;
  readonly severity: string;
  readonly message: string;
  readonly help: string | null;
  readonly notes: readonly (JsonPlace & { readonly message: string })[];
  readonly edit: (JsonPlace & { readonly text: string }) | null;
}

function placeOf(span: Span): JsonPlace {
  const start = positionOf(span.source, span.start);
  const end = positionOf(span.source, span.end);
  return { file: span.source.name, line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
}

/** The diagnostic as plain data. */
export function toJson(diagnostic: Diagnostic): JsonDiagnostic {
  const { code, name, severity, message, help, notes, edit } = diagnostic;
  return {
    code,
    name,
    severity,
    message,
    ...placeOf(diagnostic.span),
    help,
    notes: notes.map((note) => ({ message: note.text, ...placeOf(note.span) })),
    edit: edit === null ? null : { ...placeOf(edit.span), text: edit.text },
  };
}

/** JSON in one line, safe to print on a terminal: C1 controls and bidirectional controls are escaped too. */
export function jsonLine(value: unknown): string {
  const text = JSON.stringify(value);
  return text.replaceAll(/[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
