/** The accepted word that a misspelt one probably stands for. */
import { distance } from 'fastest-levenshtein';

/** Longer words are no misspellings, and would take long to compare. */
const longest = 64;

/**
 * Takes a word and the accepted ones; gives the nearest one when it is near enough (about one letter in three is
 * wrong, or two are swapped, letter case aside) and no other is as near, or null.
 */
export function nearest(word: string, accepted: readonly string[]): string | null {
  if (word === '' || word.length > longest) return null;
  const lower = word.toLowerCase();
  let best: string | null = null;
  let least = Infinity;
  for (const candidate of accepted) {
    const steps = stepsBetween(lower, candidate.toLowerCase());
    if (steps < least) [best, least] = [candidate, steps];
    else if (steps === least) best = null;
  }
  return least <= Math.max(1, Math.floor(word.length / 3)) ? best : null;
}

/** The edit distance; two letters that changed places count as one step. */
function stepsBetween(one: string, other: string): number {
  const swapped = one.split('').findIndex((letter, i) => letter !== other[i]);
  const mended = one.slice(0, swapped) + one.charAt(swapped + 1) + one.charAt(swapped) + one.slice(swapped + 2);
  return swapped >= 0 && mended === other ? 1 : distance(one, other);
}
