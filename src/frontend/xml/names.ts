/** Names as XML 1.0 (fifth edition), section 2.3, and Namespaces in XML 1.0, section 4, define them. */

/** The characters that XML allows in a text (XML 1.0, section 2.2), negated. */
export const forbiddenCharacter = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const startRanges = [
  'A-Z_a-z',
  '\\u00C0-\\u00D6',
  '\\u00D8-\\u00F6',
  '\\u00F8-\\u02FF',
  '\\u0370-\\u037D',
  '\\u037F-\\u1FFF',
  '\\u200C-\\u200D',
  '\\u2070-\\u218F',
  '\\u2C00-\\u2FEF',
  '\\u3001-\\uD7FF',
  '\\uF900-\\uFDCF',
  '\\uFDF0-\\uFFFD',
  '\\u{10000}-\\u{EFFFF}',
];
const furtherRanges = ['\\u0300-\\u036F', '\\u203F-\\u2040', '0-9', '.', '\\u00B7', '\\-'];
const startClass = `[${startRanges.join('')}]`;
const furtherClass = `[${[...furtherRanges, ...startRanges].join('')}]`;

const plainName = /^[A-Za-z_][A-Za-z0-9_.-]*$/;
const localName = new RegExp(`^${startClass}${furtherClass}*$`, 'u');
const furtherCharacter = new RegExp(`^${furtherClass}$`, 'u');

/** A name taken apart at its colon. */
export interface SplitName {
  readonly prefix: string;
  readonly local: string;
}

/** Is it a name without a colon (NCName)? */
export function isLocalName(text: string): boolean {
  return plainName.test(text) || localName.test(text);
}

/** Is it a name with at most one colon, which has something on both sides (QName)? */
export function isQualifiedName(text: string): boolean {
  return splitName(text) !== null;
}

/** Takes a name apart, or gives null where it is not a name. */
export function splitName(text: string): SplitName | null {
  const colon = text.indexOf(':');
  if (colon < 0) return isLocalName(text) ? { prefix: '', local: text } : null;
  const prefix = text.slice(0, colon);
  const local = text.slice(colon + 1);
  return isLocalName(prefix) && isLocalName(local) ? { prefix, local } : null;
}

/** Says why a text is not a name; only for one that {@link splitName} refuses. */
export function nameProblem(text: string): string {
  const wrong = Array.from(text).find((character) => character !== ':' && !furtherCharacter.test(character));
  if (wrong !== undefined) return `it has the character ${describeCharacter(wrong)}`;
  const parts = text.split(':');
  if (parts.length > 2) return 'it has more than one colon';
  if (parts.some((part) => part === '')) return 'there is nothing on one side of its colon';
  const bad = parts.find((part) => !isLocalName(part)) ?? text;
  return `it starts with ${describeCharacter(String.fromCodePoint(bad.codePointAt(0) ?? 0))}`;
}

/** A character for a message: itself if it is plain ASCII, its code point otherwise. */
export function describeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0x20 && code < 0x7f ? character : codePoint(code);
}

/** A code point in the usual notation, as U+00E9. */
export function codePoint(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** A piece of the source for a message: short, and without characters that would disturb a terminal. */
export function brief(text: string, length = 20): string {
  const short = text.length > length ? `${text.slice(0, length)}...` : text;
  return short.replace(/[^\u0020-\u007E\u00A1-\u1FFF\u2030-\uD7FF\uE000-\uFEFE\uFF00-\uFFFD]/g, '\uFFFD');
}
