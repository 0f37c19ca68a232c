/**
 * Text that is safe and straight on a terminal: control characters and characters that reorder a line are shown as
 * escapes, tabs as spaces, and the width is that of a terminal cell grid (Unicode Standard Annex 11, East Asian Width).
 */

import { eastAsianWidth } from 'get-east-asian-width';

/** Shown as an escape: control and format characters, line and paragraph separators, lone surrogates. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu;
const tab = '    ';

/** Marks that join the character before them, and take no cell of their own. */
const joining = /^[\p{Mn}\p{Me}]$/u;

/** The escape that stands for one code point, such as `\x1b` or `\u{202e}`. */
function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return `\\u{${code.toString(16)}}`;
}

/** The text with nothing left in it that moves the cursor or reorders the line. */
export function printable(text: string): string {
  return text.replaceAll('\t', tab).replaceAll(unprintable, escapeOf);
}

/** The cells that a printable text takes on a terminal. */
export function displayWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0x300 && joining.test(character)) continue;
    width += eastAsianWidth(code);
  }
  return width;
}

/** The text filled up with spaces to a width. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** The text, or as much of it as fits into a width with `...` after it. */
export function clipTo(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let shown = '';
  let used = 3;
  for (const character of text) {
    used += displayWidth(character);
    if (used > width) break;
    shown += character;
  }
  return `${shown}...`;
}
