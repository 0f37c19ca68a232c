/** Where a document holds secrets: what is shown of it leaves them out. */
import type { Filled, SourceFile, Span } from '../diagnostics/source.ts';
import { attributesIn } from '../frontend/xml/attributes.ts';
import { secretsInWord } from '../ir/foreign-words.ts';
import { secretSeeds } from '../ir/seed.ts';

/** Passwords, and those in words that are passed on to bhyve. */
export function secretPlaces(source: SourceFile): readonly Pick<Span, 'start' | 'end'>[] {
  const inAttributes = attributesIn(source).flatMap(({ element, name, start, end }) => {
    if (name === 'passwd') return [{ start, end }];
    return element === 'arg' && name === 'value' ? secretsInWord(source.text.slice(start, end), start) : [];
  });
  return [...inAttributes, ...secretSeeds(source.text)].toSorted((a, b) => a.start - b.start);
}

/**
 * A source that knows the places of its secrets, and what its variables became. Not made within `lower`: a closure holds all
 * that closures around it use, and a source would keep the tree that is made of it.
 */
export function askable(given: SourceFile, filled: readonly Filled[]): SourceFile {
  return { ...given, secrets: () => secretPlaces(given), filled: () => filled };
}
