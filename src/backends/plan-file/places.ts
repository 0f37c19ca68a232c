/** Places of a plan file, `web.xml:12`, as origins again: sources of which nothing is known but one line. */
import type { Origins, Span } from '../../diagnostics/source.ts';
import { ShapeFault, type Fields } from '../../text/fields.ts';

/** Turns the field `from` into origins. */
export type PlaceReader = (fields: Fields) => Origins;

/** No document that is accepted has more. */
const mostLines = 4 * 1024 * 1024 + 1;

/** A reader for the places of one file; equal places are one. */
export function createPlaceReader(): PlaceReader {
  const known = new Map<string, Span>();
  return (fields) => {
    const text = fields.text('from');
    const place = known.get(text) ?? placeIn(text);
    if (place === null) throw new ShapeFault(`${fields.where === '' ? '' : `${fields.where}.`}from is not FILE:LINE`);
    known.set(text, place);
    return [place];
  };
}

function placeIn(text: string): Span | null {
  const [, name, digits] = /^([^]*):(\d{1,8})$/.exec(text) ?? [];
  const firstLine = Number(digits);
  if (name === undefined || firstLine < 1 || firstLine > mostLines) return null;
  return { source: { name, text: '', firstLine }, start: 0, end: 0 };
}
