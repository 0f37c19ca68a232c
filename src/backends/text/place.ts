/** Where in the XML something came from, for comments in scripts. */
import { positionOf, type Origins } from '../../diagnostics/source.ts';

/** The name of a file without its directories, so that the same XML gives the same script wherever it lies. */
export function baseName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

/** `LINE`: the line of the main place. */
export function lineOf([main]: Origins): number {
  return positionOf(main.source, main.start).line;
}
