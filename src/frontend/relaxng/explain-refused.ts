/**
 * A part is missing, and the element has a word that bhyvec cannot carry out: the word is the mistake, and a part that is added
 * to it would lead to the next one.
 */
import { phrases } from '../../diagnostics/catalogue/bv02-schema.ts';
import { nearest } from '../../diagnostics/nearest.ts';
import { displayName } from '../xml/tree.ts';
import { attributeValues } from './derive.ts';
import { expectedValues, lookup } from './expect.ts';
import { usefulValues } from './examples.ts';
import { badValue } from './explain.ts';
import type { Finding, Frame } from './frame.ts';

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
