/** Which attribute keeps the grammar from taking a part that it takes beside other values of that attribute. */
import { phrases } from '../../diagnostics/catalogue/bv02-schema.ts';
import type { Note } from '../../diagnostics/reporter.ts';
import { displayName, type XmlAttribute, type XmlName } from '../xml/tree.ts';
import { accepts, attributeValues, attributeWhere, closeTag } from './derive.ts';
import { attributeNames, contentsOf, expectedValues, hasNamed, lookup } from './expect.ts';
import type { Frame } from './frame.ts';
import { listed } from '../../diagnostics/nearest.ts';
import type { Pattern, Patterns } from './patterns.ts';

/** What is to blame, in words. */
export interface Culprit {
  readonly culprit: string;
  /** With which other values of the attribute the part goes; empty where there are none. */
  readonly hint: string;
  readonly notes: readonly Note[];
}

/**
 * Looks at the attributes of the element and of those around it, and at those that an element could have.
 * @param takes whether a content takes the part in question
 * @param subject the attribute of the element that is in question, if it is one
 * @returns null where no attribute is to blame
 */
export function culprit(
  patterns: Patterns,
  frame: Frame,
  takes: (content: Pattern) => boolean,
  subject: XmlAttribute | null = null,
): Culprit | null {
  let fits = takes;
  for (let at: Frame | null = frame; at !== null; at = at.parent) {
    if (at.initial.some(fits)) return blamed(patterns, at, fits, at === frame ? 'own' : 'outer', subject);
    const inner = fits;
    const { name } = at.element;
    fits = (pattern) => contentsOf(patterns, pattern, lookup(name.namespace, name.local)).some(inner);
  }
  return null;
}

function blamed(
  patterns: Patterns,
  { element, initial }: Frame,
  fits: (content: Pattern) => boolean,
  whose: 'own' | 'outer',
  subject: XmlAttribute | null,
): Culprit | null {
  const attributes = element.attributes.filter(
    (a) => a !== subject && hasNamed('attribute', initial, lookup(a.name.namespace, a.name.local)),
  );
  const fitting = (name: XmlName, others: readonly XmlAttribute[], close: boolean): string => {
    const looked = lookup(name.namespace, name.local);
    const { words } = expectedValues(initial.flatMap((p) => attributeValues(p, looked)));
    const rest = withAttributes(patterns, initial, others);
    const goes = words.filter((word) =>
      rest.some((p) => {
        const taken = attributeWhere(patterns, p, looked, (item) => accepts(patterns, item, word));
        return fits(close ? closeTag(patterns, taken) : taken);
      }),
    );
    if (goes.length === 0) return '';
    return phrases.goesWith.format({ attribute: displayName(name), words: listed('', goes, 4) });
  };
  const shown = displayName(element.name);
  for (const found of attributes) {
    const others = attributes.filter((a) => a !== found);
    if (!withAttributes(patterns, initial, others).some(fits)) continue;
    const values = { attribute: displayName(found.name), value: found.value, element: shown };
    const span = { ...found.nameSpan, end: found.valueSpan.end };
    return {
      culprit: (whose === 'own' ? phrases.attributeHere : phrases.attributeOf).format(values),
      hint: fitting(found.name, others, false),
      notes: [{ span, text: phrases.decides.format({}) }],
    };
  }
  if (subject !== null && whose === 'own') return null;
  for (const { namespace, local } of attributeNames(initial)) {
    const name = { prefix: '', namespace, local };
    const isThere = attributes.some((a) => a.name.local === local && a.name.namespace === namespace);
    const hint = isThere ? '' : fitting(name, attributes, true);
    if (hint === '') continue;
    return { culprit: phrases.attributeAbsent.format({ element: shown, attribute: local }), hint, notes: [] };
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
    const values = [...new Set(initial.flatMap((p) => attributeValues(p, name)))];
    return values.length > 1 && expectedValues(values).words.length > 0;
  };
  return attributes.length < 2
    ? attributes
    : [...attributes.filter(decides), ...attributes.filter((attribute) => !decides(attribute))];
}
