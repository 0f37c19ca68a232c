/**
 * The tokens that no regular expression finds safely: those that may be megabytes long, and attribute values, whose
 * end must be guessed where a quote is missing. Each function gets the text and an offset and gives the end of the
 * token, or -1 where there is none. All of them take time in proportion to what they pass over.
 */

/** Finds the end of one kind of token that starts at an offset. */
export type Scan = (text: string, offset: number) => number;

/** A section with a fixed start and end; one that is never closed goes on to the end of the text. */
export function section(start: string, end: string): Scan {
  return (text, offset) => {
    if (!text.startsWith(start, offset)) return -1;
    const at = text.indexOf(end, offset + start.length);
    return at < 0 ? text.length : at + end.length;
  };
}

/** Was the section closed? */
export function isClosed(image: string, start: string, end: string): boolean {
  return image.length >= start.length + end.length && image.endsWith(end);
}

/** Character data up to the next `<`. */
export function scanText(text: string, offset: number): number {
  const next = text.indexOf('<', offset);
  const end = next < 0 ? text.length : next;
  return end === offset ? -1 : end;
}

/**
 * A DOCTYPE with its internal subset, in which quotes, comments and instructions may hide brackets. Without a `>` it
 * ends before the next tag.
 */
export function scanDoctype(text: string, offset: number): number {
  const keyword = '<!DOCTYPE';
  if (text.slice(offset, offset + keyword.length).toUpperCase() !== keyword) return -1;
  const passOver = (at: number, end: string): number => {
    const found = text.indexOf(end, at);
    return found < 0 ? text.length : found + end.length;
  };
  let inSubset = false;
  let at = offset + keyword.length;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '"' || character === "'") at = passOver(at + 1, character);
    else if (inSubset && text.startsWith('<!--', at)) at = passOver(at + 4, '-->');
    else if (inSubset && text.startsWith('<?', at)) at = passOver(at + 2, '?>');
    else if (character === '[') {
      inSubset = true;
      at += 1;
    } else if (character === ']') {
      inSubset = false;
      at += 1;
    } else if (!inSubset && character === '>') return at + 1;
    else if (!inSubset && character === '<') return at;
    else at += 1;
  }
  return text.length;
}

/** A value between quotes, as it should be; a `<` in it is let through where the closing quote is surely its own. */
export function scanValue(text: string, offset: number): number {
  const quote = text.charAt(offset);
  if (quote !== '"' && quote !== "'") return -1;
  const close = text.indexOf(quote, offset + 1);
  if (close < 0) return -1;
  const content = text.slice(offset + 1, close);
  const isFollowedWell = endsValue(text, close + 1);
  if (content.includes('<')) return isFollowedWell && !/[\r\n]/.test(content) ? close + 1 : -1;
  // In a='x b='y' the value seems to be "x b=": then its own closing quote is missing.
  const swallowsName = !isFollowedWell && /[ \t\r\n][\w:.-]+\s*=\s*$/.test(content.slice(-200));
  return swallowsName ? -1 : close + 1;
}

function endsValue(text: string, offset: number): boolean {
  return offset >= text.length || ' \t\r\n/>?'.includes(text.charAt(offset));
}

const openValue = /['"][^<>\r\n]*?(?=[ \t][\w:.-]+=|\/?>|[<\r\n]|$)/y;

/** A value whose closing quote is missing: it ends with the line, with the tag, or before the next attribute. */
export function scanOpenValue(text: string, offset: number): number {
  openValue.lastIndex = offset;
  return openValue.test(text) ? openValue.lastIndex : -1;
}

/** A value without quotes; a `/` belongs to it unless it ends the tag. */
export function scanBareValue(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && !' \t\r\n<>"\''.includes(text.charAt(at)) && !text.startsWith('/>', at)) at += 1;
  return at === offset ? -1 : at;
}

/** A run of `<`, without its last one where others are before it: that one may start a tag. */
export function scanStray(text: string, offset: number): number {
  if (text.charAt(offset) !== '<') return -1;
  let at = offset + 1;
  while (text.startsWith('<<', at)) at += 1;
  return at;
}

/** A run of slashes, without the one that ends the tag. */
export function scanSlashes(text: string, offset: number): number {
  if (text.charAt(offset) !== '/') return -1;
  let at = offset + 1;
  while (text.startsWith('/', at) && !text.startsWith('/>', at)) at += 1;
  return at;
}
