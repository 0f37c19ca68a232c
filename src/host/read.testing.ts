/** What the tests of the reader share. */
import { createReporter, type Diagnostic } from '../diagnostics/reporter.ts';
import { positionOf } from '../diagnostics/source.ts';
import type { HostProfile } from './profile.ts';
import { readHostProfile } from './read.ts';

/** What became of a text. */
export interface Reading {
  readonly profile: HostProfile | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a text without strictness. */
export function read(text: string): Reading {
  const reporter = createReporter({ strict: false });
  const profile = readHostProfile({ name: 'host.json', text }, reporter);
  return { profile, diagnostics: reporter.diagnostics };
}

/** The findings as `CODE line:column |marked text| message`. */
export function findings(text: string): readonly string[] {
  return read(text).diagnostics.map(({ code, span, message }) => {
    const { line, column } = positionOf(span.source, span.start);
    return `${code} ${String(line)}:${String(column)} |${text.slice(span.start, span.end)}| ${message}`;
  });
}

/** The text after the one edit that was offered. */
export function mended(text: string): string {
  const edits = read(text).diagnostics.flatMap(({ edit }) => (edit === null ? [] : [edit]));
  const [edit] = edits;
  if (edit === undefined || edits.length > 1) throw new Error(`${String(edits.length)} edits`);
  return text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end);
}

/** The start of a profile without anything special. */
export const minimal = '{"version": 1, "release": "14.3"';
