/**
 * The shape of a value that was read from JSON: each check says what is wrong, and where. For files that a hand may have
 * spoilt, where a validator of schemas would only say that they do not fit.
 */
import { isObject } from '../text/json.ts';

/** What is wrong with a value: `at` is the way to it, such as `guests.web.takes.files[0].path`. */
export interface Fault {
  readonly at: string;
  readonly what: string;
}

/** Gives the first fault of a value, or null. */
export type Shape = (value: unknown, at: string) => Fault | null;

/** A text that a pattern fits, described in words that follow `is not`. */
export function text(pattern: RegExp, what: string): Shape {
  return (value, at) => (typeof value === 'string' && pattern.test(value) ? null : { at, what: `is not ${what}` });
}

/** One of some texts. */
export function oneOf(...texts: readonly string[]): Shape {
  return (value, at) =>
    typeof value === 'string' && texts.includes(value) ? null : { at, what: `is not one of ${texts.join(', ')}` };
}

/** A whole number in a range. */
export function whole(least: number, most: number): Shape {
  return (value, at) => {
    const isNumber = typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
    return isNumber ? null : { at, what: `is not a whole number from ${String(least)} to ${String(most)}` };
  };
}

/** True or false. */
export const flag: Shape = (value, at) => (typeof value === 'boolean' ? null : { at, what: 'is not true or false' });

/** The shape, or null. */
export function orNull(shape: Shape): Shape {
  return (value, at) => (value === null ? null : shape(value, at));
}

/** The shape, or nothing. */
export function optional(shape: Shape): Shape {
  return (value, at) => (value === undefined ? null : shape(value, at));
}

/** A list of things of one shape. */
export function list(shape: Shape): Shape {
  return (value, at) =>
    Array.isArray(value)
      ? firstFault(value, (item, index) => shape(item, `${at}[${String(index)}]`))
      : { at, what: 'is not a list' };
}

/** An object that has at least these members. */
export function fields(shapes: Readonly<Record<string, Shape>>): Shape {
  return (value, at) =>
    isObject(value)
      ? firstFault(Object.entries(shapes), ([name, shape]) => shape(value[name], at === '' ? name : `${at}.${name}`))
      : { at, what: 'is not an object' };
}

/** An object with any names of one shape, and values of another. */
export function record(name: Shape, shape: Shape): Shape {
  return (value, at) =>
    isObject(value)
      ? firstFault(Object.entries(value), ([key, item]) => name(key, at) ?? shape(item, `${at}.${key}`))
      : { at, what: 'is not an object' };
}

function firstFault<T>(values: readonly T[], look: (value: T, index: number) => Fault | null): Fault | null {
  for (const [index, value] of values.entries()) {
    const fault = look(value, index);
    if (fault !== null) return fault;
  }
  return null;
}
