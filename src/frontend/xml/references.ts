/** Character data and attribute values: references resolved, line ends and space normalised (XML 1.0, 2.11, 3.3.3, 4.1). */
import type { Faults } from './faults.ts';
import { brief, forbiddenCharacter } from './names.ts';

const entities: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** The entities of HTML that people use most, with what XML wants in their place. */
const htmlEntities: ReadonlyMap<string, string> = new Map([
  ['nbsp', '&#160;'],
  ['copy', '&#169;'],
  ['auml', '&#228;'],
  ['ouml', '&#246;'],
  ['uuml', '&#252;'],
  ['eacute', '&#233;'],
]);

/** Turns pieces of one source text into values. */
export interface Decoder {
  /** Character data outside CDATA. */
  text(start: number, end: number): string;
  /** The inside of a CDATA section. */
  cdata(start: number, end: number): string;
  /** An attribute value between its quotes. */
  value(start: number, end: number): string;
}

/** Makes a decoder; after a DOCTYPE, which was refused, unknown entities are not reported once more. */
export function createDecoder(faults: Faults, hasDoctype: () => boolean): Decoder {
  const { text: source } = faults.source;
  // Most documents have none of these, so that a text is what stands there.
  const [hasReturn, hasReference, hasSectionEnd] = ['\r', '&', ']]>'].map((sign) => source.includes(sign));
  const lineEnds = (text: string): string => (hasReturn === true ? text.replace(/\r\n?/g, '\n') : text);
  const spaces = (text: string): string => (/[\t\n\r]/.test(text) ? text.replace(/\r\n|[\t\n\r]/g, ' ') : text);

  /** Puts the pieces between references through `normalise`, and what the references stand for in between. */
  function resolve(start: number, end: number, normalise: (piece: string) => string): string {
    const raw = source.slice(start, end);
    if (hasReference !== true) return normalise(raw);
    let ampersand = raw.indexOf('&');
    if (ampersand < 0) return normalise(raw);
    const pieces: string[] = [];
    let from = 0;
    while (ampersand >= 0 && !faults.full) {
      pieces.push(normalise(raw.slice(from, ampersand)));
      const reference = readReference(raw, ampersand, start, faults, hasDoctype());
      pieces.push(reference.text);
      from = ampersand + reference.length;
      ampersand = raw.indexOf('&', from);
    }
    pieces.push(normalise(raw.slice(from)));
    return pieces.join('');
  }

  return {
    text(start, end) {
      const raw = hasSectionEnd === true ? source.slice(start, end) : '';
      for (let found = raw.indexOf(']]>'); found >= 0 && !faults.full; found = raw.indexOf(']]>', found + 3)) {
        const at = start + found;
        faults.report('BV0117', at, at + 3, {}, { edit: { span: faults.span(at, at + 3), text: ']]&gt;' } });
      }
      return resolve(start, end, lineEnds);
    },
    cdata: (start, end) => lineEnds(source.slice(start, end)),
    value: (start, end) => resolve(start, end, spaces),
  };
}

const form = /&(?:#([A-Za-z0-9]*)|([A-Za-z_:\u0080-\uFFFF][A-Za-z0-9_:.\u0080-\uFFFF-]*));/y;
const incomplete = /&#?[A-Za-z0-9]*/y;
/** The last one of several may begin a reference. */
const signs = /&+(?!#?\w+;)/y;

/** What the reference at an offset of `raw` stands for, and its length; a faulty one stands for itself. */
function readReference(raw: string, at: number, base: number, faults: Faults, hasDoctype: boolean) {
  form.lastIndex = at;
  const match = form.exec(raw);
  if (match === null) {
    const length = reportIncomplete(raw, at, base + at, faults);
    return { text: raw.slice(at, at + length), length };
  }
  const [reference, number, name = ''] = match;
  const start = base + at;
  const end = start + reference.length;
  const text = number === undefined ? entities.get(name) : character(number);
  if (text === undefined && number !== undefined) {
    faults.report('BV0122', start, end, { reference: brief(reference) });
  } else if (text === undefined && !hasDoctype) {
    const lower = name.toLowerCase();
    const better = entities.has(lower) ? `&${lower};` : htmlEntities.get(name);
    const remedy = better === undefined ? 'write the character itself, or its number as &#233;' : `write ${better}`;
    const edit = better === undefined ? {} : { edit: { span: faults.span(start, end), text: better } };
    faults.report('BV0121', start, end, { reference: brief(reference), remedy }, edit);
  }
  return { text: text ?? reference, length: reference.length };
}

/**
 * Reports an `&` that stands alone, several in a row as one, or a reference without its semicolon.
 * @returns how many signs it is about
 */
function reportIncomplete(raw: string, at: number, start: number, faults: Faults): number {
  incomplete.lastIndex = at;
  const found = incomplete.exec(raw)?.[0] ?? '&';
  if (entities.has(found.slice(1)) || (found.startsWith('&#') && character(found.slice(2)) !== undefined)) {
    const end = start + found.length;
    const edit = { span: faults.span(end, end), text: ';' };
    faults.report('BV0120', start, end, { remedy: `write ${brief(found)}; with a semicolon` }, { edit });
    return 1;
  }
  signs.lastIndex = at;
  const { length } = signs.exec(raw)?.[0] ?? '&';
  const text = '&amp;'.repeat(Math.min(length, 100));
  const edit = { span: faults.span(start, start + length), text };
  const remedy = length === 1 ? 'write &amp; for the sign itself' : `write ${brief(text)} for the signs themselves`;
  faults.report('BV0120', start, start + length, { remedy }, { edit });
  return length;
}

/** The character of a reference by its number, without `&#` and `;`. */
function character(number: string): string | undefined {
  const match = /^(?:x0*([0-9A-Fa-f]{1,8})|0*([0-9]{1,8}))$/.exec(number);
  if (match === null) return undefined;
  const [, hexadecimal, decimal = ''] = match;
  const code = hexadecimal === undefined ? Number.parseInt(decimal, 10) : Number.parseInt(hexadecimal, 16);
  const text = code <= 0x10ffff ? String.fromCodePoint(code) : '\0';
  return text.search(forbiddenCharacter) < 0 ? text : undefined;
}
