/** A domain XML without its passwords, otherwise as it was written. */
import type { Span } from '../diagnostics/source.ts';
import { childElements, type XmlElement } from '../frontend/xml/tree.ts';
import { readWord } from '../ir/foreign-words.ts';
import { secretSeeds } from '../ir/seed.ts';
import { textOf } from '../ir/words.ts';

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The blanks before an attribute go with it. */
function blanksBefore(text: string, start: number): number {
  let from = start;
  while (from > 0 && /\s/.test(text.charAt(from - 1))) from -= 1;
  return from;
}

/** A word that the XML passes on to bhyve. */
function inWord(text: string, { start, end }: Span): Edit {
  const pieces = readWord(text.slice(start, end), null);
  return { start, end, text: pieces.map((piece) => (piece.kind === 'secret' ? '*' : textOf([piece]))).join('') };
}

function editsOf(text: string, element: XmlElement): readonly Edit[] {
  const own = element.attributes.flatMap(({ name, nameSpan, valueSpan }): readonly Edit[] => {
    if (name.local === 'passwd' || name.local === 'passwdValidTo') {
      // The span of a value is what stands between its quotes.
      return [{ start: blanksBefore(text, nameSpan.start), end: valueSpan.end + 1, text: '' }];
    }
    return element.name.local === 'arg' && name.local === 'value' ? [inWord(text, valueSpan)] : [];
  });
  return [...own, ...childElements(element).flatMap((child) => editsOf(text, child))];
}

/**
 * Takes the passwords out.
 * @param root the tree of the text; null where it is none, which leaves nothing to show
 */
export function withoutSecrets(text: string, root: XmlElement | null): string {
  if (root === null) return '';
  const seeds = secretSeeds(text).map((place) => ({ ...place, text: '*' }));
  const edits = [...editsOf(text, root), ...seeds].toSorted((a, b) => b.start - a.start);
  return edits.reduce((all, { start, end, text: shown }) => `${all.slice(0, start)}${shown}${all.slice(end)}`, text);
}
