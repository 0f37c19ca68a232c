/** What is wrong with a text that is not JSON (RFC 8259), in words, at the narrowest place, with a way out. */
import { quoted } from './quoted.ts';

/** One mistake; offsets count from the start of the text. */
export interface JsonProblem {
  readonly start: number;
  readonly length: number;
  readonly problem: string;
  readonly remedy: string;
  readonly edit: { readonly start: number; readonly length: number; readonly text: string } | null;
}

/** Takes the text and one error of jsonc-parser: the name of its code, its offset and its length. */
export function problemOf(text: string, code: string, offset: number, length: number): JsonProblem {
  const token = text.slice(offset, offset + length);
  const here = { start: offset, length };
  const say = (problem: string, remedy: string): JsonProblem => ({ ...here, problem, remedy, edit: null });
  const atEnd = offset >= text.length || text.slice(offset).trim() === '';
  if (atEnd && text.trim() === '') return say('the file is empty', 'write an object such as {"version": 1, ...}');
  switch (code) {
    case 'UnexpectedEndOfString':
      return say('a string does not end on its line', 'close the string with a double quote');
    case 'InvalidEscapeCharacter':
      return inString(text, offset, say('an unknown escape in a string', String.raw`write \\ for a backslash`));
    case 'InvalidUnicode':
      return inString(
        text,
        offset,
        say(String.raw`\u without four hexadecimal digits`, String.raw`write \u0041 for A`),
      );
    case 'InvalidCharacter':
      return inString(text, offset, say('a control character in a string', String.raw`write it as \t or \u0001`));
    case 'UnexpectedEndOfNumber':
    case 'InvalidNumberFormat':
      return say('a number is cut off', 'write a number such as 300');
    case 'EndOfFileExpected':
      return say('more text after the end of the value', 'remove what follows the last closing bracket');
    default:
      return atEnd
        ? say(`the text ends before ${missing(code)}`, 'close what is open, or take the file anew')
        : words();
  }

  function words(): JsonProblem {
    const comma = trailingComma(text, offset, token);
    if (comma !== null) return comma;
    const literal = token.toLowerCase();
    if (['true', 'false', 'null'].includes(literal)) {
      return { ...say(`${token} is no word of JSON`, `write ${literal}`), edit: { ...here, text: literal } };
    }
    if (token.startsWith("'")) return say('a single quote', 'write strings and keys in double quotes');
    if (code === 'CommaExpected' && /^["{[]/.test(token)) return missingComma();
    if (code === 'InvalidSymbol')
      return say(`unexpected ${quoted(token, 20)}`, 'write strings and keys in double quotes');
    return say(`${quoted(token, 20)} in place of ${missing(code)}`, `put ${missing(code)} here`);
  }

  function missingComma(): JsonProblem {
    const end = text.slice(0, offset).trimEnd().length;
    return { ...say('a comma is missing', 'put a comma before it'), edit: { start: end, length: 0, text: ',' } };
  }
}

/** What jsonc-parser wanted to see. */
function missing(code: string): string {
  switch (code) {
    case 'PropertyNameExpected':
      return 'a key in double quotes';
    case 'ColonExpected':
      return 'a colon';
    case 'CommaExpected':
      return 'a comma';
    case 'CloseBraceExpected':
      return 'a closing }';
    case 'CloseBracketExpected':
      return 'a closing ]';
    default:
      return 'a value';
  }
}

/** A comma before a closing bracket, where jsonc-parser reports the bracket. */
function trailingComma(text: string, offset: number, token: string): JsonProblem | null {
  const before = text.slice(0, offset).trimEnd();
  if (!/^[}\]]/.test(token) || !before.endsWith(',')) return null;
  const start = before.length - 1;
  const problem = `a comma before the closing ${token.slice(0, 1)}`;
  return { start, length: 1, problem, remedy: 'remove the comma', edit: { start, length: 1, text: '' } };
}

/** Moves a problem from a whole string to the bad character or escape in it. */
function inString(text: string, offset: number, whole: JsonProblem): JsonProblem {
  for (let at = offset + 1; at < offset + whole.length; at++) {
    const unit = text.charAt(at);
    if (unit < ' ') return { ...whole, start: at, length: 1 };
    if (unit !== '\\') continue;
    if (!'"\\/bfnrtu'.includes(text.charAt(at + 1))) return { ...whole, start: at, length: 2 };
    if (text.charAt(at + 1) === 'u' && !/^[\da-f]{4}$/i.test(text.slice(at + 2, at + 6))) {
      return { ...whole, start: at, length: 2 };
    }
    at += 1;
  }
  return whole;
}
