/** Parts of a plan file, `disk vda`, as origins again: sources of which nothing is known but the name of a part. */
import type { Origins, Span } from '../../diagnostics/source.ts';
import type { From } from './shapes.ts';

/** Turns what has the field `from` into origins. */
export type PlaceReader = (written: From) => Origins;

/**
 * A reader for the parts of one document; equal ones are one.
 * @param name of its file
 */
export function createPlaceReader(name: string): PlaceReader {
  const known = new Map<string, Span>();
  return ({ from: part }) => {
    const place = known.get(part) ?? { source: { name, text: '', part }, start: 0, end: 0 };
    known.set(part, place);
    return [place];
  };
}
