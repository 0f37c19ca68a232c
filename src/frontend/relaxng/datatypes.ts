/**
 * The datatypes a grammar may name: `string` and `token` of RELAX NG and the part of W3C XML Schema, part 2, that we
 * use. Patterns are XML Schema regular expressions; they are matched after the white space rule of the type.
 */
import { invariant } from '../../diagnostics/invariant.ts';

/** A parameter (facet) of a datatype: its name and its text. */
export interface Facet {
  readonly name: string;
  readonly text: string;
}

const integers: Readonly<Record<string, readonly [bigint | null, bigint | null]>> = {
  integer: [null, null],
  long: [-(2n ** 63n), 2n ** 63n - 1n],
  int: [-(2n ** 31n), 2n ** 31n - 1n],
  short: [-(2n ** 15n), 2n ** 15n - 1n],
  nonNegativeInteger: [0n, null],
  positiveInteger: [1n, null],
  unsignedLong: [0n, 2n ** 64n - 1n],
  unsignedInt: [0n, 2n ** 32n - 1n],
  unsignedShort: [0n, 2n ** 16n - 1n],
  unsignedByte: [0n, 2n ** 8n - 1n],
};

const lexical: Readonly<Record<string, RegExp>> = {
  string: /^/,
  token: /^/,
  decimal: /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/,
  boolean: /^(?:true|false|1|0)$/,
};

const facets = new Set(['pattern', 'minInclusive', 'maxInclusive', 'length', 'minLength', 'maxLength']);

/** Tells whether a type with these parameters can be used; a grammar that asks for another one is not loaded. */
export function isKnownDatatype(type: string, parameters: readonly Facet[]): boolean {
  for (const { name, text } of parameters) if (name === 'pattern') expression(text);
  return (Object.hasOwn(integers, type) || Object.hasOwn(lexical, type)) && parameters.every((p) => facets.has(p.name));
}

/** Collapses white space as for the type `token`. */
export function collapse(text: string): string {
  return text.replace(/[ \t\r\n]+/g, ' ').replace(/^ | $/g, '');
}

/** Tells whether two texts are the same value of the type. */
export function sameValue(type: string, a: string, b: string): boolean {
  return a === b || (type !== 'string' && collapse(a) === collapse(b));
}

/** Tells whether the text is a value of the type. */
export function isValueOf(type: string, parameters: readonly Facet[], text: string): boolean {
  const value = type === 'string' ? text : collapse(text);
  const range = integers[type];
  if (range === undefined) {
    invariant(lexical[type] !== undefined, `no datatype ${type}`);
    return lexical[type].test(value) && parameters.every((facet) => holds(facet, value, null));
  }
  if (!/^[+-]?\d+$/.test(value)) return false;
  const number = BigInt(value.replace('+', ''));
  const [low, high] = range;
  if ((low !== null && number < low) || (high !== null && number > high)) return false;
  return parameters.every((facet) => holds(facet, value, number));
}

function holds(facet: Facet, value: string, number: bigint | null): boolean {
  switch (facet.name) {
    case 'pattern':
      return expression(facet.text).test(value);
    case 'minInclusive':
      return number !== null && number >= BigInt(facet.text);
    case 'maxInclusive':
      return number !== null && number <= BigInt(facet.text);
    case 'length':
      return Array.from(value).length === Number(facet.text);
    case 'minLength':
      return Array.from(value).length >= Number(facet.text);
    default:
      return Array.from(value).length <= Number(facet.text);
  }
}

const expressions = new Map<string, RegExp>();

/**
 * The JavaScript form of an XML Schema regular expression. We use what both have in common, and `\s` outside of
 * brackets, which is less in XML Schema.
 */
function expression(pattern: string): RegExp {
  const known = expressions.get(pattern);
  if (known !== undefined) return known;
  const made = new RegExp(`^(?:${pattern.replaceAll('\\s', '[ \\t\\n\\r]')})$`, 'u');
  expressions.set(pattern, made);
  return made;
}
