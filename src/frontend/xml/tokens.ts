/**
 * The tokens of XML and the lexer. It has three modes: `content` between tags, `tag` inside one, `value` after a `=`.
 * Modes do not nest: a token says which one follows it, whatever was before, so that the lexer stays on the track after
 * a missing `>` or quote. They are pushed and never popped, for chevrotain cannot replace the last mode on its stack.
 * Each character belongs to some token: the lexer itself never fails.
 */
import { createToken, Lexer, type TokenType } from 'chevrotain';
import {
  scanBareValue,
  scanDoctype,
  scanOpenValue,
  scanSlashes,
  scanStray,
  scanText,
  scanValue,
  section,
  type Scan,
} from './scan.ts';

type Mode = 'content' | 'tag' | 'value';

interface Shape {
  readonly pattern: RegExp | string | Scan;
  /** The mode after this token; without it, the mode stays. */
  readonly then?: Mode;
  readonly categories?: TokenType[];
  readonly skipped?: boolean;
}

function define(name: string, shape: Shape): TokenType {
  const { pattern, then, categories, skipped } = shape;
  return createToken({
    name,
    pattern: typeof pattern === 'function' ? custom(pattern) : pattern,
    line_breaks: true,
    ...(then === undefined ? {} : { push_mode: then }),
    ...(categories === undefined ? {} : { categories }),
    ...(skipped === true ? { group: Lexer.SKIPPED } : {}),
  });
}

function custom(scan: Scan): (text: string, offset: number) => [string] | null {
  return (text, offset) => {
    const end = scan(text, offset);
    return end < 0 ? null : [text.slice(offset, end)];
  };
}

/** What has no place in a tag, unless the grammar finds one for it. */
export const Misplaced = createToken({ name: 'Misplaced', pattern: Lexer.NA });
/** A value of an attribute, in quotes or not. */
export const AnyValue = createToken({ name: 'AnyValue', pattern: Lexer.NA, categories: [Misplaced] });
/** The end of a tag. */
export const AnyClose = createToken({ name: 'AnyClose', pattern: Lexer.NA });

export const Text = define('Text', { pattern: scanText });
export const StartOpen = define('StartOpen', {
  // A name that a hard space ends by mistake is cut there: only then is what follows looked at as an attribute.
  pattern: /<[A-Za-z_:\u0080-\uFFFF][^ \t\r\n<>"'=/\u00A0\u2000-\u200A\u202F\u3000]*/,
  then: 'tag',
});
export const EndOpen = define('EndOpen', { pattern: /<\/[^ \t\r\n<>"'=/]*/, then: 'tag' });
export const Comment = define('Comment', {
  pattern: section('<!--', '-->'),
  categories: [Misplaced],
});
export const CData = define('CData', {
  pattern: section('<![CDATA[', ']]>'),
  categories: [Misplaced],
});
export const Instruction = define('Instruction', {
  pattern: section('<?', '?>'),
  categories: [Misplaced],
});
export const Doctype = define('Doctype', { pattern: scanDoctype, categories: [Misplaced] });
export const Declaration = define('Declaration', { pattern: /<![^<>]*>?/, categories: [Misplaced] });
/** One or more `<` that start nothing; the last of a run is left alone where it may start a tag. */
export const Stray = define('Stray', { pattern: scanStray, categories: [Misplaced] });

export const Space = define('Space', { pattern: /[ \t\r\n]+/, skipped: true });
export const Word = define('Word', { pattern: /[^ \t\r\n<>"'=/]+/ });
export const Equals = define('Equals', { pattern: '=', then: 'value', categories: [Misplaced] });
export const Value = define('Value', { pattern: scanValue, then: 'tag', categories: [AnyValue] });
export const OpenValue = define('OpenValue', {
  pattern: scanOpenValue,
  then: 'tag',
  categories: [AnyValue],
});
export const BareValue = define('BareValue', {
  pattern: scanBareValue,
  then: 'tag',
  categories: [AnyValue],
});
export const Close = define('Close', { pattern: '>', then: 'content', categories: [AnyClose] });
export const EmptyClose = define('EmptyClose', { pattern: '/>', then: 'content', categories: [AnyClose] });
export const Slash = define('Slash', { pattern: scanSlashes, categories: [Misplaced] });

const markup = [StartOpen, EndOpen, Comment, CData, Instruction, Doctype, Declaration, Stray];

const modes: Record<Mode, TokenType[]> = {
  content: [Text, ...markup],
  tag: [Space, Word, Equals, Value, OpenValue, Close, EmptyClose, Slash, ...markup],
  value: [Space, Value, OpenValue, EmptyClose, BareValue, Close, ...markup],
};

/** All token types, for the parser. */
export const vocabulary = [...new Set([Misplaced, AnyValue, AnyClose, ...modes.content, ...modes.tag, ...modes.value])];

/**
 * Makes the lexer. With `validate`, chevrotain looks for mistakes in the definitions above, which takes its time. So do its
 * tables of the characters that a token can start with: what is saved for one document is less than what they cost.
 */
export function createLexer(validate: boolean): Lexer {
  return new Lexer(
    { modes, defaultMode: 'content' },
    { positionTracking: 'onlyOffset', safeMode: true, skipValidations: !validate },
  );
}
