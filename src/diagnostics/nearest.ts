/** Which of the accepted words was probably meant, and lists of accepted words as people like to read them. */

/** Longer words are no misspellings, and would take long to compare. */
const longest = 64;

/**
 * The accepted word that is near enough to be meant: two letters, or one in three of a long word, may be wrong, missing or
 * too many, or have changed places with their neighbours; of a short word one; letter case, `-`, `_` and blanks do not count, nor does the order of the letters of a short
 * word. Null where none is near, or two are equally near.
 */
export function nearest(word: string, accepted: readonly string[]): string | null {
  if (word === '' || word.length > longest) return null;
  const bare = bareOf(word);
  const ranked = accepted
    .filter((candidate) => candidate.length <= longest)
    .map((candidate) => ({ candidate, steps: stepsBetween(bare, bareOf(candidate)), exact: steps(word, candidate) }))
    .toSorted((a, b) => a.steps - b.steps || a.exact - b.exact);
  const [best, second] = ranked;
  if (best === undefined || best.steps > allowed(bare)) return null;
  // Of four letters two mistakes leave half a word: then it begins at least as the other one does.
  if (bare.length === 4 && best.steps > 1 && !bareOf(best.candidate).startsWith(bare.charAt(0))) return null;
  return second?.steps === best.steps && second.exact === best.exact ? null : best.candidate;
}

/** How many mistakes a word may have. */
function allowed({ length }: string): number {
  return length < 4 ? 1 : Math.max(2, Math.floor(length / 3));
}

/** The accepted words, the one that was probably meant first; beyond `limit` only their number is told. */
export function listed(word: string, accepted: readonly string[], limit = 8): string {
  const guess = nearest(word, accepted);
  const order = guess === null ? accepted : [guess, ...accepted.filter((candidate) => candidate !== guess)];
  if (order.length <= limit + 1) return order.join(', ');
  return `${order.slice(0, limit).join(', ')} and ${String(order.length - limit)} more`;
}

/** The word without what people write in different ways. */
function bareOf(word: string): string {
  const bare = word.toLowerCase().replaceAll(/[-_\s]/g, '');
  return bare === '' ? word : bare;
}

function stepsBetween(one: string, other: string): number {
  const found = steps(one, other);
  return found > 1 && lettersOf(one) === lettersOf(other) ? 1 : found;
}

function lettersOf(word: string): string {
  return word.split('').toSorted().join('');
}

/** The edit distance in which two neighbours that changed places are one step (optimal string alignment). */
function steps(one: string, other: string): number {
  let before: readonly number[] = [];
  let above = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const isSame = one.charAt(i - 1) === other.charAt(j - 1);
      const isSwap = one.charAt(i - 1) === other.charAt(j - 2) && one.charAt(i - 2) === other.charAt(j - 1);
      row.push(
        Math.min(
          (above[j] ?? 0) + 1,
          (row[j - 1] ?? 0) + 1,
          (above[j - 1] ?? 0) + (isSame ? 0 : 1),
          i > 1 && j > 1 && isSwap ? (before[j - 2] ?? 0) + 1 : Infinity,
        ),
      );
    }
    [before, above] = [above, row];
  }
  return above[other.length] ?? 0;
}
