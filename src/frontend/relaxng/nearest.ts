/** Which of the accepted words was probably meant, and lists of accepted words as people like to read them. */
import { distance } from 'fastest-levenshtein';

/** Longer words are no misspellings, and would take long to compare. */
const longest = 64;

/**
 * The accepted word that is near enough to be meant (one letter in three may be wrong, letter case aside), or null
 * where none is or two are equally near.
 */
export function nearest(word: string, accepted: readonly string[]): string | null {
  if (word === '' || word.length > longest) return null;
  const [best, second] = ranked(word, accepted);
  if (best === undefined || best.steps > Math.max(1, Math.floor(word.length / 3))) return null;
  return second?.steps === best.steps && second.exact === best.exact ? null : best.candidate;
}

/** The accepted words, the one that was probably meant first; beyond `limit` only their number is told. */
export function listed(word: string, accepted: readonly string[], limit = 8): string {
  const guess = nearest(word, accepted);
  const order = guess === null ? accepted : [guess, ...accepted.filter((candidate) => candidate !== guess)];
  if (order.length <= limit + 1) return order.join(', ');
  return `${order.slice(0, limit).join(', ')} and ${String(order.length - limit)} more`;
}

interface Ranked {
  readonly candidate: string;
  readonly steps: number;
  readonly exact: number;
}

function ranked(word: string, accepted: readonly string[]): readonly Ranked[] {
  const lower = word.toLowerCase();
  return accepted
    .map((candidate) => ({
      candidate,
      steps: distance(lower, candidate.toLowerCase()),
      exact: distance(word, candidate),
    }))
    .toSorted((a, b) => a.steps - b.steps || a.exact - b.exact);
}
