/** What the tests of this folder share: a text through the parser, and a tree as plain data. */
import { createReporter, inSourceOrder, type Diagnostic } from '../../diagnostics/reporter.ts';
import type { Span } from '../../diagnostics/source.ts';
import { parseXml } from './parse.ts';
import { displayName, type XmlElement } from './tree.ts';

/** The root and the diagnostics of a text, in source order. */
export interface Parsed {
  readonly root: XmlElement | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly codes: readonly string[];
}

/** Parses a text. */
export function parse(text: string): Parsed {
  const reporter = createReporter({ strict: false });
  const root = parseXml({ name: 'test.xml', text }, reporter);
  const diagnostics = inSourceOrder(reporter.diagnostics);
  return { root, diagnostics, codes: diagnostics.map(({ code }) => code) };
}

/** The part of the text that a span covers. */
export function covered(span: Span): string {
  return span.source.text.slice(span.start, span.end);
}

/** A tree as nested arrays: name, attributes, children; only fit for trees that are not deep. */
export type Outline = readonly [string, Readonly<Record<string, string>>, ...(string | Outline)[]];

/** The outline of an element. */
export function outline(element: XmlElement): Outline {
  const attributes = Object.fromEntries(element.attributes.map(({ name, value }) => [displayName(name), value]));
  const children = element.children.map((child) => (child.kind === 'text' ? child.text : outline(child)));
  return [displayName(element.name), attributes, ...children];
}

/** All spans of a diagnostic: its own, those of its notes and that of its edit. */
export function spansOf(diagnostic: Diagnostic): readonly Span[] {
  const { span, notes, edit } = diagnostic;
  return [span, ...notes.map((note) => note.span), ...(edit === null ? [] : [edit.span])];
}
