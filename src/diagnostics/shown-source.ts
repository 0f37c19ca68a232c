/** Source text as it may be shown: secrets are masked, character by character, so that all else keeps its place. */
import type { SourceFile } from './source.ts';

const masked = new WeakMap<SourceFile, string>();

/** The text of a source for showing; as long as the text itself. */
export function shownText(source: SourceFile): string {
  const known = masked.get(source);
  if (known !== undefined) return known;
  const { text, secrets = () => [] } = source;
  const pieces: string[] = [];
  let from = 0;
  for (const { start, end } of secrets()) {
    pieces.push(text.slice(from, start), stars(text.slice(start, end)));
    from = end;
  }
  const shown = [...pieces, text.slice(from)].join('');
  masked.set(source, shown);
  return shown;
}

/** Line ends stay, since lines are counted. */
function stars(text: string): string {
  return text.replaceAll(/[^\r\n]/g, '*');
}
