/** Where the walk stands: the open elements with what the grammar makes of them. */
import type { Severity } from '../../diagnostics/message.ts';
import type { Code, ParametersOf } from '../../diagnostics/catalogue/index.ts';
import type { Details, Reporter } from '../../diagnostics/reporter.ts';
import type { Span } from '../../diagnostics/source.ts';
import type { XmlAttribute, XmlElement } from '../xml/tree.ts';
import type { Pattern } from './patterns.ts';

/** One thing that is wrong with the structure of a document. */
export interface Finding {
  readonly code: Code;
  readonly at: Span;
  /** The element or attribute that it is about. */
  readonly node: XmlElement | XmlAttribute;
  /** The value or text that does not fit, or null where the finding is about no value. */
  readonly value: string | null;
  /** Puts it into a report. */
  report(reporter: Reporter, severity: Severity): void;
}

/** Makes a finding; its values are checked against the code's texts. */
export function finding<C extends Code>(
  code: C,
  at: Span,
  node: XmlElement | XmlAttribute,
  values: Readonly<Record<ParametersOf<C>, string | number>>,
  more: { readonly value?: string; readonly details?: Details } = {},
): Finding {
  return {
    code,
    at,
    node,
    value: more.value ?? null,
    report(reporter, severity) {
      reporter.report(code, at, values, { ...more.details, severity });
    },
  };
}

/** One way in which the grammar may still take an element; `origin` is the index among the ways it began with. */
export interface Hypothesis {
  readonly pattern: Pattern;
  readonly origin: number;
}

/** An open element. */
export interface Frame {
  readonly element: XmlElement;
  readonly parent: Frame | null;
  /** The contents that it may have, before its attributes are read. */
  readonly initial: readonly Pattern[];
  /** What remains of them after its attributes. */
  opened: readonly Pattern[];
  /** The children that were read under another name, with the key of that name. */
  readonly readAs: Map<XmlElement, string>;
  /** Elements that are missing, and told so: their names as they are looked up. */
  readonly missed: Set<string>;
}
