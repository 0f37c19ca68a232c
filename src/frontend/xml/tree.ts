/**
 * The XML tree that the rest of the frontend reads: immutable, each name and each value with its own span, entity and
 * character references resolved, namespaces resolved (Namespaces in XML 1.0).
 */
import type { Span } from '../../diagnostics/source.ts';

/** A name with its namespace. `prefix` and `namespace` are empty strings where there is none. */
export interface XmlName {
  readonly prefix: string;
  readonly local: string;
  readonly namespace: string;
}

/** One attribute; `xmlns` declarations are not attributes and do not appear. */
export interface XmlAttribute {
  readonly name: XmlName;
  /** The normalised value (XML 1.0, section 3.3.3). */
  readonly value: string;
  readonly nameSpan: Span;
  /** The value between its quotes. */
  readonly valueSpan: Span;
}

/** A run of character data: text, CDATA sections and references joined, comments left out. */
export interface XmlText {
  readonly kind: 'text';
  readonly text: string;
  readonly span: Span;
}

/** One element. */
export interface XmlElement {
  readonly kind: 'element';
  readonly name: XmlName;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly (XmlElement | XmlText)[];
  /** The name in the start tag. */
  readonly nameSpan: Span;
  /** The start tag from `<` to `>`. */
  readonly startSpan: Span;
  /** The whole element. */
  readonly span: Span;
}

/** The child elements, in document order. */
export function childElements(element: XmlElement): readonly XmlElement[] {
  return element.children.filter((child) => child.kind === 'element');
}

/** The element's character data, its child elements' left out. */
export function textOf(element: XmlElement): string {
  return element.children.reduce((text, child) => (child.kind === 'text' ? text + child.text : text), '');
}

/** The name as written, with its prefix. */
export function displayName(name: XmlName): string {
  return name.prefix === '' ? name.local : `${name.prefix}:${name.local}`;
}

/** The place of an element's character data without the blanks around it; null where it has none. */
export function contentSpan(element: XmlElement): Span | null {
  const texts = element.children.filter((child) => child.kind === 'text');
  const first = texts[0];
  const last = texts.at(-1);
  if (first === undefined || last === undefined) return null;
  return trimmed({ source: first.span.source, start: first.span.start, end: last.span.end });
}

/** A place without the white space at its ends; all of it where it has nothing else. */
export function trimmed(span: Span): Span {
  const { text } = span.source;
  let { start, end } = span;
  while (start < end && /\s/.test(text.charAt(start))) start += 1;
  while (end > start && /\s/.test(text.charAt(end - 1))) end -= 1;
  return start === end ? span : { source: span.source, start, end };
}
