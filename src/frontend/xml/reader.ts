/**
 * Typed access to an element that remembers what was read. What nobody reads, and no finding speaks of, is reported as
 * ignored at the end: that is how nothing in the XML is dropped in silence.
 */
import type { Reporter } from '../../diagnostics/reporter.ts';
import type { Located, Span } from '../../diagnostics/source.ts';
import { childElements, displayName, textOf, type XmlAttribute, type XmlElement } from './tree.ts';

/** The parts of one document that a reader has taken, or that a finding already speaks of. */
export interface Ledger {
  readonly taken: Set<XmlElement | XmlAttribute>;
  /** What a finding of the schema speaks of: nothing in it needs a report of its own, unless somebody reads it. */
  readonly flagged: ReadonlySet<XmlElement | XmlAttribute>;
  readonly reporter: Reporter;
}

/** One element, read part by part. Names are those of no namespace unless one is given. */
export interface ElementReader {
  readonly element: XmlElement;
  readonly name: string;
  /** The start tag. */
  readonly at: Span;
  readonly reporter: Reporter;
  /** The attribute's value, or null where there is none. */
  attribute(name: string): Located<string> | null;
  /** The same without taking it: its value is checked, and it is still reported as ignored. */
  look(name: string): Located<string> | null;
  /** The first child element of that name; further ones stay unread. */
  child(name: string): ElementReader | null;
  /** All child elements of that name, in document order. */
  children(name: string, namespace?: string): readonly ElementReader[];
  /** All child elements of no namespace, in document order, marked as read. */
  everyChild(): readonly ElementReader[];
  /** The character data as it stands, at the place of the text (of the element where it is empty). */
  text(): Located<string>;
  /** The text, or null where it is empty: libvirt takes an empty element for an absent one. */
  filledText(): Located<string> | null;
  /** Marks the element with all that is in it as read: it is known to need nothing. */
  takeAll(): void;
}

/** Reads an element; the element itself counts as taken. */
export function readElement(element: XmlElement, ledger: Ledger): ElementReader {
  const { taken, reporter } = ledger;
  taken.add(element);
  const own = (child: XmlElement, name: string, namespace = ''): boolean =>
    child.name.local === name && child.name.namespace === namespace;
  const text = (): Located<string> => {
    const parts = element.children.filter((child) => child.kind === 'text');
    const first = parts[0];
    const last = parts.at(-1);
    return {
      value: textOf(element),
      at:
        first === undefined || last === undefined
          ? element.startSpan
          : trimmed({ source: first.span.source, start: first.span.start, end: last.span.end }),
    };
  };
  const find = (name: string): XmlAttribute | undefined =>
    element.attributes.find((a) => a.name.local === name && a.name.namespace === '');
  return {
    element,
    name: element.name.local,
    at: element.startSpan,
    reporter,
    attribute(name) {
      const found = find(name);
      if (found !== undefined) taken.add(found);
      return found === undefined ? null : { value: found.value, at: found.valueSpan };
    },
    look(name) {
      const found = find(name);
      return found === undefined ? null : { value: found.value, at: found.valueSpan };
    },
    child(name) {
      const found = childElements(element).find((child) => own(child, name));
      return found === undefined ? null : readElement(found, ledger);
    },
    children(name, namespace = '') {
      return childElements(element)
        .filter((child) => own(child, name, namespace))
        .map((child) => readElement(child, ledger));
    },
    everyChild() {
      return childElements(element)
        .filter((child) => child.name.namespace === '')
        .map((child) => readElement(child, ledger));
    },
    text,
    filledText() {
      const found = text();
      return found.value === '' ? null : found;
    },
    takeAll() {
      takeTree(element, taken);
    },
  };
}

/** Reports what nobody took: the outermost element, or the single attribute. */
export function reportIgnored(root: XmlElement, ledger: Ledger): void {
  for (const attribute of root.attributes) {
    if (ledger.taken.has(attribute) || ledger.flagged.has(attribute)) continue;
    ledger.reporter.report('BV0301', attribute.nameSpan, {
      attribute: displayName(attribute.name),
      element: displayName(root.name),
    });
  }
  for (const child of childElements(root)) {
    if (ledger.taken.has(child)) reportIgnored(child, ledger);
    else if (!ledger.flagged.has(child))
      ledger.reporter.report('BV0302', child.startSpan, { element: displayName(child.name) });
  }
}

function takeTree(element: XmlElement, taken: Set<XmlElement | XmlAttribute>): void {
  const pending = [element];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    taken.add(next);
    for (const attribute of next.attributes) taken.add(attribute);
    pending.push(...childElements(next));
  }
}

function trimmed(span: Span): Span {
  const { text } = span.source;
  let { start, end } = span;
  while (start < end && /\s/.test(text.charAt(start))) start += 1;
  while (end > start && /\s/.test(text.charAt(end - 1))) end -= 1;
  return start === end ? span : { source: span.source, start, end };
}
