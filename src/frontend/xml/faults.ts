/** Reports the mistakes of one text, up to a limit: a file that is not XML at all must not drown its reader. */
import type { Code, ParametersOf } from '../../diagnostics/catalogue/index.ts';
import type { Details, Note, Reporter } from '../../diagnostics/reporter.ts';
import type { SourceFile, Span } from '../../diagnostics/source.ts';

/** How many mistakes of syntax are reported; one more diagnostic then says that there are others. */
export const maximumFaults = 100;

/** Reports mistakes in one source text by their offsets. */
export interface Faults {
  readonly source: SourceFile;
  /** Number of mistakes so far. */
  readonly count: number;
  /** The limit is reached: whatever comes is not reported. */
  readonly full: boolean;
  report<C extends Code>(
    code: C,
    start: number,
    end: number,
    values: Readonly<Record<ParametersOf<C>, string | number>>,
    details?: Details,
  ): void;
  span(start: number, end: number): Span;
  note(start: number, end: number, text: string): Note;
}

/** Makes the reporter of mistakes for one text. */
export function createFaults(source: SourceFile, reporter: Reporter): Faults {
  let count = 0;
  const span = (start: number, end: number): Span => ({ source, start, end });
  return {
    source,
    get count() {
      return count;
    },
    get full() {
      return count > maximumFaults;
    },
    report(code, start, end, values, details) {
      count += 1;
      if (count <= maximumFaults) reporter.report(code, span(start, end), values, details);
      else if (count === maximumFaults + 1) reporter.report('BV0139', span(start, end), { limit: maximumFaults });
    },
    span,
    note: (start, end, text) => ({ span: span(start, end), text }),
  };
}
