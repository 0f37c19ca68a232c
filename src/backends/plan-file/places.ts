/** Places of a plan file, `web.xml:12`, as origins again: sources of which nothing is known but their lines. */
import type { Origins, SourceFile } from '../../diagnostics/source.ts';
import { ShapeFault, type Fields } from './fields.ts';

/** Turns the field `from` into origins. */
export type PlaceReader = (fields: Fields) => Origins;

/** No document that is accepted has more. */
const mostLines = 4 * 1024 * 1024 + 1;

/** The reader for all places of one file. */
export function placesOf(value: unknown): PlaceReader {
  const lines = new Map<string, number>();
  for (const [name, line] of allPlaces(value)) lines.set(name, Math.max(line, lines.get(name) ?? 0));
  const sources = new Map<string, SourceFile>();
  for (const [name, count] of lines) sources.set(name, { name, text: '\n'.repeat(count) });
  return (fields) => {
    const place = placeIn(fields.text('from'));
    const source = place === null ? undefined : sources.get(place[0]);
    if (place === null || source === undefined) throw new ShapeFault(`${fields.where}.from is not FILE:LINE`);
    return [{ source, start: place[1] - 1, end: place[1] - 1 }];
  };
}

function placeIn(text: string): readonly [name: string, line: number] | null {
  const [, name, digits] = /^([^]*):(\d{1,8})$/.exec(text) ?? [];
  const line = Number(digits);
  return name === undefined || line < 1 || line > mostLines ? null : [name, line];
}

function* allPlaces(value: unknown): Generator<readonly [string, number]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, one] of Object.entries(value)) {
    const place = key === 'from' && typeof one === 'string' ? placeIn(one) : null;
    if (place !== null) yield place;
    yield* allPlaces(one);
  }
}
