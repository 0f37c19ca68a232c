/**
 * A part is missing, or does not go with a word that bhyvec cannot carry out: the word is the mistake, and a part that is added
 * to it, or taken from it, would lead to the next one.
 */
import { phrases } from '../../diagnostics/catalogue/bv02-schema.ts';
import { nearest } from '../../diagnostics/nearest.ts';
import { displayName, type XmlAttribute, type XmlElement } from '../xml/tree.ts';
import { accepts, attributeValues } from './derive.ts';
import { contentsOf, expectedValues, hasNamed, lookup } from './expect.ts';
import { usefulValues } from './examples.ts';
import { badValue } from './explain.ts';
import type { Finding, Frame } from './frame.ts';
import type { Pattern, Patterns } from './patterns.ts';

/** The finding at that word, none where it is misspelt, which has been told; null where the element has no such word. */
export function explainRefusedWord({ element, initial }: Frame): readonly Finding[] | null {
  for (const attribute of element.attributes) {
    const name = lookup(attribute.name.namespace, attribute.name.local);
    const all = expectedValues(initial.flatMap((pattern) => attributeValues(pattern, name)));
    const values = { ...all, offered: usefulValues(element.name.local, attribute.name.local, all).offered };
    const written = attribute.value.trim();
    const word = values.words.includes(written) ? written : nearest(written, values.words);
    if (word === null || values.offered.includes(word)) continue;
    if (word !== written) return [];
    const what = phrases.attribute.format({
      attribute: displayName(attribute.name),
      element: displayName(element.name),
    });
    return [badValue(attribute, what, attribute.value, attribute.valueSpan, values)];
  }
  return null;
}

/**
 * The same for a part that does not go with such a word, in its own element's tag or in one around it, and goes with another word there.
 * @returns null where no such word is to blame
 */
export function explainRefusedBeside(
  patterns: Patterns,
  frame: Frame,
  part: XmlElement | XmlAttribute,
): { readonly element: XmlElement; readonly findings: readonly Finding[] } | null {
  const name = lookup(part.name.namespace, part.name.local);
  let goes = (content: Pattern): boolean =>
    'kind' in part
      ? hasNamed('element', [content], name)
      : attributeValues(content, name).some((item) => accepts(patterns, item, part.value));
  for (let at: Frame | null = frame; at !== null; at = at.parent) {
    if (at.initial.some(goes)) {
      const findings = explainRefusedWord(at) ?? [];
      const isAnother = findings.length > 0 && findings.every(({ node }) => node !== part);
      return isAnother ? { element: at.element, findings } : null;
    }
    const inner = goes;
    const { namespace, local } = at.element.name;
    goes = (content) => contentsOf(patterns, content, lookup(namespace, local)).some(inner);
  }
  return null;
}
