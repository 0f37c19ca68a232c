/** Words to options, as getopt(3) of FreeBSD takes a command line apart: it stops at the first word that is no option. */
import type { Located, Span } from '../../diagnostics/source.ts';
import { options } from './options.ts';

/** What getopt finds, in the order of the words. */
export type Found =
  | {
      readonly kind: 'option';
      readonly letter: string;
      /** Null for an option without argument. */
      readonly argument: Located<string> | null;
      /** The words that it was read from, one or two; several letters can share a word. */
      readonly words: readonly Located<string>[];
      /** True where the argument stands in the word of the letter. */
      readonly glued: boolean;
    }
  | {
      /** A letter that is no option of any bhyve. */ readonly kind: 'unknown';
      readonly letter: string;
      readonly word: Located<string>;
    }
  | {
      /** No word is left for its argument. */ readonly kind: 'lone';
      readonly letter: string;
      readonly word: Located<string>;
    }
  | {
      /** Not an option: bhyve takes it, or what follows it, for the name of a guest. */ readonly kind: 'operand';
      readonly word: Located<string>;
    };

/** Takes words apart. What stands behind an operand is not read: bhyve does not read it as options either. */
export function getopt(words: readonly Located<string>[]): readonly Found[] {
  const found: Found[] = [];
  for (let place = 0; place < words.length; place += 1) {
    const word = words[place];
    if (word === undefined) break;
    if (!word.value.startsWith('-') || word.value === '-' || word.value === '--') {
      found.push({ kind: 'operand', word });
      break;
    }
    for (let at = 1; at < word.value.length; at += 1) {
      const letter = word.value.charAt(at);
      const option = options.get(letter);
      if (option === undefined) {
        // getopt complains and goes on with the next letter; bhyve ends at the first complaint.
        found.push({ kind: 'unknown', letter, word });
        break;
      }
      if (option.takes === null) {
        found.push({ kind: 'option', letter, argument: null, words: [word], glued: false });
        continue;
      }
      const rest = word.value.slice(at + 1);
      const next = words[place + 1];
      if (rest !== '') {
        found.push({ kind: 'option', letter, argument: { value: rest, at: word.at }, words: [word], glued: true });
      } else if (next === undefined) {
        found.push({ kind: 'lone', letter, word });
      } else {
        place += 1;
        found.push({ kind: 'option', letter, argument: next, words: [word, next], glued: false });
      }
      break;
    }
  }
  return found;
}

/** The place of a found option: its first word. */
export function placeOfOption({ words: [first] }: Found & { readonly kind: 'option' }, fallback: Span): Span {
  return first?.at ?? fallback;
}
