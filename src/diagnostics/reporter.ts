/**
 * Diagnostics as data, and the reporter that collects them. A diagnostic is never thrown and never printed on the
 * spot; `render.ts`, `json.ts` and `sarif.ts` turn it into text at the edge.
 */
import { catalogue, type Code, type ParametersOf } from './catalogue/index.ts';
import { clipTo } from './printable.ts';
import type { Entry, Severity } from './message.ts';
import type { Filled, Span } from './source.ts';

/** Another place that has to do with a diagnostic, and what it has to do with it. */
export interface Note {
  readonly span: Span;
  readonly text: string;
}

/** A change to the source that would mend the mistake. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}

/** One finding, complete: it needs nothing else to be shown. */
export interface Diagnostic {
  readonly code: Code;
  readonly name: string;
  readonly severity: Severity;
  readonly message: string;
  readonly span: Span;
  readonly label: string | null;
  readonly help: string | null;
  readonly notes: readonly Note[];
  readonly edit: Edit | null;
}

/** What a stage may add to a report. */
export interface Details {
  readonly notes?: readonly Note[];
  readonly edit?: Edit;
  /** Replaces the entry's severity where a mode of the compiler says so (`--schema warn`). */
  readonly severity?: Severity;
}

/** Collects the diagnostics of one compilation. */
export interface Reporter {
  report<C extends Code>(
    code: C,
    at: Span,
    values: Readonly<Record<ParametersOf<C>, string | number>>,
    details?: Details,
  ): void;
  readonly diagnostics: readonly Diagnostic[];
  /** Number of errors so far; a stage that raised it has failed. */
  readonly errors: number;
}

/** Characters of a value that a message shows. */
const longestValue = 60;
/** Parameters that are sentences of ours and no values of the document. */
const sentences = new Set(['problem', 'what', 'culprit', 'expected', 'accepted', 'feature', 'cycle', 'missing']);

/** The values with the long ones cut: a message is one line; help may have to say them in full. */
function clipped(values: Readonly<Record<string, string | number>>): Readonly<Record<string, string | number>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const isLong = typeof value === 'string' && value.length > longestValue && !sentences.has(name);
      return [name, isLong ? clipTo(value, longestValue) : value];
    }),
  );
}

/**
 * Makes a reporter. With `strict`, findings about ignored parts of the XML are errors. The same finding at the same
 * place is kept once.
 */
export function createReporter(options: { readonly strict: boolean }): Reporter {
  const diagnostics: Diagnostic[] = [];
  const seen = new Set<string>();
  let errors = 0;
  return {
    diagnostics,
    get errors() {
      return errors;
    },
    report(code, given, values, more = {}) {
      const { at, details } = withVariables(given, more);
      const entry: Entry = catalogue()[code];
      const severity = options.strict && entry.ignored ? 'error' : (details.severity ?? entry.severity);
      const shown = clipped(values);
      const message = entry.message.format(shown);
      const key = `${code} ${String(at.start)} ${String(at.end)} ${message}`;
      if (seen.has(key)) return;
      seen.add(key);
      if (severity === 'error') errors += 1;
      diagnostics.push({
        code,
        name: entry.name,
        severity,
        message,
        span: at,
        label: entry.label?.format(shown) ?? null,
        help: entry.help?.format(values) ?? null,
        notes: details.notes ?? [],
        edit: details.edit ?? null,
      });
    },
  };
}

/**
 * Of a value that is made of variables a finding shows all, and where its variables come from: no part of it stands where it
 * would be without them, and an edit would not fit.
 */
function withVariables(at: Span, details: Details): { readonly at: Span; readonly details: Details } {
  const filled = filledAt(at);
  const notes = [...(details.notes ?? []), ...(filled?.used ?? []).map(noteOf)];
  const { edit, ...others } = details;
  const isFitting = edit !== undefined && (edit.text === '' || !hasFilled(edit.span));
  const place = filled === undefined ? at : { source: at.source, start: filled.start, end: filled.end };
  return { at: place, details: { ...others, notes, ...(isFitting ? { edit } : {}) } };
}

function filledAt({ source, start }: Span): Filled | undefined {
  return source.filled?.().find((one) => start >= one.start && start < one.end);
}

function hasFilled({ source, start, end }: Span): boolean {
  return source.filled?.().some((one) => start < one.end && end > one.start) ?? false;
}

function noteOf({ name, span }: Filled['used'][number]): Note {
  return { span, text: `the value of the variable ${name}` };
}

/** Diagnostics in the order of their places, errors first where two share one. */
export function inSourceOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const rank: Record<Severity, number> = { error: 0, warning: 1, note: 2 };
  return diagnostics.toSorted(
    (a, b) => a.span.start - b.span.start || rank[a.severity] - rank[b.severity] || (a.code < b.code ? -1 : 1),
  );
}
