/** Where a part of a generated file came from, for a comment: `web.xml:12`. */
import { positionOf, type Origins } from '../../diagnostics/source.ts';

/** File name without its folder, so that the text is the same wherever the XML lies, and line of the main origin. */
export function origin([main]: Origins): string {
  const { name } = main.source;
  const file = name.slice(name.lastIndexOf('/') + 1).replace(/[^\x20-\x7e]/g, '?');
  return `${file}:${String(positionOf(main.source, main.start).line)}`;
}
