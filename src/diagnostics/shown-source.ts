/** Source text as it may be shown: passwords are masked, character by character, so that all else keeps its place. */
import type { SourceFile } from './source.ts';

const masked = new WeakMap<SourceFile, string>();

/** The attribute `passwd`, and `password=` in words that are passed on to bhyve. */
const passwords = /(\bpasswd\s*=\s*)("[^"]*"|'[^']*')|(\bpassword=)([^,'"<>\s]+)/g;

/** The text of a source for showing; as long as the text itself. */
export function shownText(source: SourceFile): string {
  const known = masked.get(source);
  if (known !== undefined) return known;
  const text = source.text.replace(passwords, (_, attribute?: string, value?: string, word?: string, rest?: string) => {
    if (attribute === undefined || value === undefined) return `${word ?? ''}${stars(rest ?? '')}`;
    return `${attribute}${value.charAt(0)}${stars(value.slice(1, -1))}${value.charAt(0)}`;
  });
  masked.set(source, text);
  return text;
}

/** Line ends stay, since lines are counted. */
function stars(text: string): string {
  return text.replaceAll(/[^\r\n]/g, '*');
}
