/**
 * Text that is safe and straight on a terminal: control characters and characters that reorder a line are shown as
 * escapes, tabs as spaces, and the width is that of a terminal cell grid (Unicode Standard Annex 11, East Asian Width).
 */

/** Shown as an escape: control and format characters, line and paragraph separators, lone surrogates. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu;
const tab = '    ';

/** Marks that join the character before them, and take no cell of their own. */
const joining = /^[\p{Mn}\p{Me}]$/u;
const emoji = /^\p{Emoji_Presentation}$/u;

/** First and last code points of the ranges that take two cells. */
const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
];

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
    if (code < 0x300) width += 1;
    else if (joining.test(character)) width += 0;
    else if (emoji.test(character) || wideRanges.some(([first, last]) => code >= first && code <= last)) width += 2;
    else width += 1;
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
