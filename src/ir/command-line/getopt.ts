/**
 * Words to options, as getopt(3) of FreeBSD takes a command line apart: it stops at the first word that is no option.
 * Programs that use the reader of the GNU library have long options too, and options behind other words.
 */
import type { Located, Span } from '../../diagnostics/source.ts';

/** Whether an option has an argument; an optional one stands in the word of the option. */
export type Arity = 'none' | 'one' | 'optional';

/** The options of one program. */
export interface Syntax {
  /** Every option by its letter. */
  readonly letters: ReadonlyMap<string, Arity>;
  /** Long names, without hyphens, and the letter that says the same. Null for a program without long options. */
  readonly long: ReadonlyMap<string, string> | null;
}

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
      /** No option of the program. */ readonly kind: 'unknown';
      /** A letter, or a long name. */
      readonly letter: string;
      readonly word: Located<string>;
    }
  | {
      /** No word is left for its argument. */ readonly kind: 'lone';
      readonly letter: string;
      readonly word: Located<string>;
    }
  | {
      /** Not an option: the program takes it, or what follows it, for the name of a guest. */
      readonly kind: 'operand';
      readonly word: Located<string>;
    };

/** What one word gives, and how many of the words behind it belong to it. */
interface Step {
  readonly found: readonly Found[];
  readonly used: 0 | 1;
}

/** Takes words apart; `--` ends the options and is found as an operand. */
export function getopt(words: readonly Located<string>[], syntax: Syntax): readonly Found[] {
  const found: Found[] = [];
  let isOver = false;
  for (let place = 0; place < words.length; place += 1) {
    const word = words[place];
    if (word === undefined) break;
    if (isOver || !word.value.startsWith('-') || word.value === '-' || word.value === '--') {
      found.push({ kind: 'operand', word });
      isOver ||= syntax.long === null || word.value === '--';
      continue;
    }
    const next = words[place + 1] ?? null;
    const isLong = syntax.long !== null && word.value.startsWith('--');
    const step = isLong ? readLong(word, next, syntax) : readLetters(word, next, syntax);
    found.push(...step.found);
    place += step.used;
  }
  return found;
}

function readLetters(word: Located<string>, next: Located<string> | null, { letters }: Syntax): Step {
  const found: Found[] = [];
  for (let at = 1; at < word.value.length; at += 1) {
    const letter = word.value.charAt(at);
    const arity = letters.get(letter);
    // getopt complains and goes on with the next letter; the programs end at the first complaint.
    if (arity === undefined) return { found: [...found, { kind: 'unknown', letter, word }], used: 0 };
    if (arity === 'none') {
      found.push({ kind: 'option', letter, argument: null, words: [word], glued: false });
      continue;
    }
    const rest = word.value.slice(at + 1);
    const { found: last, used } = withArgument(letter, arity, rest === '' ? null : rest, word, next);
    return { found: [...found, ...last], used };
  }
  return { found, used: 0 };
}

/** A long name may be cut short as long as one option alone begins so. */
function readLong(word: Located<string>, next: Located<string> | null, { letters, long }: Syntax): Step {
  const [, name = '', , value = null] = /^--([^=]*)(=(.*))?$/s.exec(word.value) ?? [];
  const alike = [...(long ?? [])].filter(([one]) => one.startsWith(name));
  const [, letter] = alike.find(([one]) => one === name) ?? (alike.length === 1 ? alike[0] : undefined) ?? [];
  const arity = letter === undefined ? undefined : letters.get(letter);
  if (letter === undefined || arity === undefined || (arity === 'none' && value !== null)) {
    return { found: [{ kind: 'unknown', letter: word.value.slice(2), word }], used: 0 };
  }
  if (arity !== 'none') return withArgument(letter, arity, value, word, next);
  return { found: [{ kind: 'option', letter, argument: null, words: [word], glued: false }], used: 0 };
}

function withArgument(
  letter: string,
  arity: 'one' | 'optional',
  glued: string | null,
  word: Located<string>,
  next: Located<string> | null,
): Step {
  if (glued !== null) {
    const argument = { value: glued, at: word.at };
    return { found: [{ kind: 'option', letter, argument, words: [word], glued: true }], used: 0 };
  }
  if (arity === 'optional') {
    return { found: [{ kind: 'option', letter, argument: null, words: [word], glued: false }], used: 0 };
  }
  if (next === null) return { found: [{ kind: 'lone', letter, word }], used: 0 };
  return { found: [{ kind: 'option', letter, argument: next, words: [word, next], glued: false }], used: 1 };
}

/** The place of a found option: its first word. */
export function placeOfOption({ words: [first] }: Found & { readonly kind: 'option' }, fallback: Span): Span {
  return first?.at ?? fallback;
}
