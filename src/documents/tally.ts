/** What a run over documents has found, counted by file. */
import type { Diagnostic } from '../diagnostics/reporter.ts';
import type { Tally } from '../diagnostics/render.ts';
import type { GuestOutcome, Outcome } from './documents.ts';

/** What a run has found so far, by file. */
export interface RunTally extends Tally {
  /** Counts a document and what was found in it. */
  add(outcome: GuestOutcome | Outcome): void;
  /** Counts what was found between documents that were counted, and in files that are no documents. */
  addFindings(diagnostics: readonly Diagnostic[]): void;
  /** Counts what has been told already, and keeps the run from going on. */
  fail(): void;
}

/** Counts findings over a run. */
export function createTally(): RunTally {
  const tally = { errors: 0, warnings: 0, notes: 0, filesWithFindings: 0, files: 0 };
  const names = new Set<string>();
  const counted = new Set<string>();
  const addFindings = (diagnostics: readonly Diagnostic[]): void => {
    for (const { span } of diagnostics) {
      // A project file counts where something is wrong with it.
      if (!counted.has(span.source.name)) tally.files += 1;
      counted.add(span.source.name);
    }
    for (const { severity, span } of diagnostics) {
      if (severity === 'error') tally.errors += 1;
      else if (severity === 'warning') tally.warnings += 1;
      else tally.notes += 1;
      if (!names.has(span.source.name)) tally.filesWithFindings += 1;
      names.add(span.source.name);
    }
  };
  return Object.assign(tally, {
    addFindings,
    fail(): void {
      if (tally.errors === 0) tally.errors += 1;
    },
    add(outcome: GuestOutcome | Outcome): void {
      if (outcome.kind === 'problem' || !counted.has(outcome.name)) tally.files += 1;
      if (outcome.kind === 'document') {
        counted.add(outcome.name);
        addFindings(outcome.diagnostics);
        return;
      }
      tally.errors += 1;
      tally.filesWithFindings += 1;
    },
  });
}
