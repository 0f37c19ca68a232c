/** Where in the XML something came from, for comments in generated files. */
import { positionOf, type Origins } from '../../diagnostics/source.ts';

/** The name of a file without its directories, so that the same XML gives the same script wherever it lies. */
export function baseName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

/** `LINE`: the line of the main place. */
export function lineOf([main]: Origins): number {
  return positionOf(main.source, main.start).line;
}

/** `FILE:LINE` of the main place, in printable ASCII. */
export function origin(origins: Origins): string {
  const file = baseName(origins[0].source.name).replace(/[^\x20-\x7e]/g, '?');
  return `${file}:${String(lineOf(origins))}`;
}
