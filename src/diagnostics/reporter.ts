/**
 * Diagnostics as data, and the reporter that collects them. A diagnostic is never thrown and never printed on the
 * spot; `render.ts`, `json.ts` and `sarif.ts` turn it into text at the edge.
 */
import { catalogue, type Code, type ParametersOf } from './catalogue/index.ts';
import type { Entry, Severity } from './message.ts';
import type { Span } from './source.ts';

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
    report(code, at, values, details = {}) {
      const entry: Entry = catalogue[code];
      const severity = details.severity ?? (options.strict && entry.ignored ? 'error' : entry.severity);
      const message = entry.message.format(values);
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
        label: entry.label?.format(values) ?? null,
        help: entry.help?.format(values) ?? null,
        notes: details.notes ?? [],
        edit: details.edit ?? null,
      });
    },
  };
}

/** Diagnostics in the order of their places, errors first where two share one. */
export function inSourceOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const rank: Record<Severity, number> = { error: 0, warning: 1, note: 2 };
  return diagnostics.toSorted(
    (a, b) => a.span.start - b.span.start || rank[a.severity] - rank[b.severity] || (a.code < b.code ? -1 : 1),
  );
}
