/** The parts of a document of which nothing can be said while a mistake stands beside them. */
import type { Reporter } from '../diagnostics/reporter.ts';
import type { Span } from '../diagnostics/source.ts';
import { childElements, type XmlAttribute, type XmlElement } from './xml/tree.ts';

/** All that is in a device, or in another part of the domain, in which an error stands. */
export function spoiledParts(root: XmlElement, { diagnostics }: Reporter): ReadonlySet<XmlElement | XmlAttribute> {
  const spoiled = new Set<XmlElement | XmlAttribute>();
  const hasError = placesOf(diagnostics.filter(({ severity }) => severity === 'error').map(({ span }) => span));
  const spoil = (element: XmlElement): void => {
    for (const part of [element, ...element.attributes]) spoiled.add(part);
    childElements(element).forEach(spoil);
  };
  for (const part of childElements(root)) {
    if (part.name.local === 'devices')
      childElements(part).filter(({ span }) => hasError(span)).forEach(spoil); // prettier-ignore
    else if (hasError(part.span)) spoil(part);
  }
  return spoiled;
}

/** Of the spoiled parts those in an element, or of its tag, that has an attribute of which the schema speaks. */
export function misreadParts(
  root: XmlElement,
  spoiled: ReadonlySet<XmlElement | XmlAttribute>,
  flagged: ReadonlySet<XmlElement | XmlAttribute>,
): ReadonlySet<XmlElement | XmlAttribute> {
  const misread = new Set<XmlElement | XmlAttribute>();
  const visit = (element: XmlElement, isInside: boolean): void => {
    const isOne = isInside || (spoiled.has(element) && element.attributes.some((one) => flagged.has(one)));
    if (isOne) for (const part of [element, ...element.attributes]) misread.add(part);
    for (const child of childElements(element)) visit(child, isOne);
  };
  visit(root, false);
  return misread;
}

/** Tells whether one of the places begins within a range. */
export function placesOf(spans: readonly Span[]): (range: Span) => boolean {
  const starts = spans.map(({ start }) => start).toSorted((a, b) => a - b);
  return ({ start, end }) => {
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) < start) low = middle + 1;
      else high = middle;
    }
    return (starts[low] ?? Number.POSITIVE_INFINITY) < end;
  };
}
