/** Which attribute keeps the grammar from taking a part that it takes beside other values of that attribute. */
import { phrases } from '../../diagnostics/catalogue/bv02-schema.ts';
import { displayName, type XmlAttribute } from '../xml/tree.ts';
import { attributeWhere, accepts, attributeValues } from './derive.ts';
import { contentsOf, lookup } from './expect.ts';
import type { Frame } from './frame.ts';
import type { Pattern, Patterns } from './patterns.ts';

/**
 * Looks at the element's own attributes, then at those of the elements around it.
 * @param takes whether a content takes the part in question
 * @returns the attribute as the user wrote it, or null where no attribute is to blame
 */
export function culprit(patterns: Patterns, frame: Frame, takes: (content: Pattern) => boolean): string | null {
  let fits = takes;
  for (let at: Frame | null = frame; at !== null; at = at.parent) {
    const { element, initial } = at;
    if (initial.some(fits)) {
      const blamed = element.attributes.find((candidate) =>
        withAttributes(patterns, initial, element.attributes.filter((a) => a !== candidate)).some(fits),
      ); // prettier-ignore
      const found = blamed ?? element.attributes[0];
      if (found === undefined) return null;
      const names = { attribute: displayName(found.name), value: found.value, element: displayName(element.name) };
      return phrases.attributeOf.format(names);
    }
    const inner = fits;
    const name = lookup(element.name.namespace, element.name.local);
    fits = (pattern) => contentsOf(patterns, pattern, name).some(inner);
  }
  return null;
}

/** What remains after the attributes; those that do not fit are passed over. */
export function withAttributes(
  patterns: Patterns,
  initial: readonly Pattern[],
  attributes: readonly XmlAttribute[],
): readonly Pattern[] {
  let now = initial;
  for (const attribute of discriminatingFirst(initial, attributes)) {
    const name = lookup(attribute.name.namespace, attribute.name.local);
    const next = now
      .map((p) => attributeWhere(patterns, p, name, (item) => accepts(patterns, item, attribute.value)))
      .filter((p) => p !== patterns.notAllowed);
    if (next.length > 0) now = next;
  }
  return now;
}

/** The attributes whose value decides what else may stand there come first, the others keep their order. */
export function discriminatingFirst(
  initial: readonly Pattern[],
  attributes: readonly XmlAttribute[],
): readonly XmlAttribute[] {
  const decides = (attribute: XmlAttribute): boolean => {
    const name = lookup(attribute.name.namespace, attribute.name.local);
    return new Set(initial.flatMap((p) => attributeValues(p, name))).size > 1;
  };
  return attributes.length < 2
    ? attributes
    : [...attributes.filter(decides), ...attributes.filter((attribute) => !decides(attribute))];
}
