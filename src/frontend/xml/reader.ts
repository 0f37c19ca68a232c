/**
 * Typed access to an element that remembers what was read. What nobody reads, and no finding speaks of, is reported at
 * the end (`left-over.ts`).
 */
import type { Reporter } from '../../diagnostics/reporter.ts';
import type { Located, Span } from '../../diagnostics/source.ts';
import { childElements, contentSpan, textOf, type XmlAttribute, type XmlElement } from './tree.ts';

/** The parts of one document that a reader has taken. */
export interface Ledger {
  readonly taken: Set<XmlElement | XmlAttribute>;
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
  /** The same without taking it: its value is checked, and it is still reported as left over. */
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
  /** The same of the child elements that are in another namespace than this one. */
  takeForeign(namespace: string): void;
}

/** Reads an element; the element itself counts as taken. */
export function readElement(element: XmlElement, ledger: Ledger): ElementReader {
  const { taken, reporter } = ledger;
  taken.add(element);
  const own = (child: XmlElement, name: string, namespace = ''): boolean =>
    child.name.local === name && child.name.namespace === namespace;
  const text = (): Located<string> => ({ value: textOf(element), at: textSpan(element) });
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
    takeForeign(namespace) {
      for (const child of childElements(element)) if (child.name.namespace !== namespace) takeTree(child, taken);
    },
  };
}

/** The place of an element's character data without the blanks around it; the start tag where there is none. */
export function textSpan(element: XmlElement): Span {
  return contentSpan(element) ?? element.startSpan;
}

function takeTree(element: XmlElement, taken: Set<XmlElement | XmlAttribute>): void {
  const pending = [element];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    taken.add(next);
    for (const attribute of next.attributes) taken.add(attribute);
    for (const child of childElements(next)) pending.push(child);
  }
}
