/** Parts of a plan file, `disk vda`, as origins again: sources of which nothing is known but the name of a part. */
import type { Origins, Span } from '../../diagnostics/source.ts';
import { ShapeFault, type Fields } from '../../text/fields.ts';

/** Turns the field `from` into origins. */
export type PlaceReader = (fields: Fields) => Origins;

/** No name is longer: it holds one value of an attribute. */
const longest = 4096;

/**
 * A reader for the parts of one document; equal ones are one.
 * @param name of its file
 */
export function createPlaceReader(name: string): PlaceReader {
  const known = new Map<string, Span>();
  return (fields) => {
    const part = fields.text('from');
    if (part === '' || part.length > longest)
      throw new ShapeFault(`${fields.where === '' ? '' : `${fields.where}.`}from is not the name of a part`);
    const place = known.get(part) ?? { source: { name, text: '', part }, start: 0, end: 0 };
    known.set(part, place);
    return [place];
  };
}
