/**
 * The types of the protocol's values as things that exist at run time: each knows its words and accepts a value or does
 * not. What comes over a socket is `unknown` until one of these has accepted it.
 */
import { isObject } from '../text/json.ts';

/** A type of values; `words` is how messages and docs/protocol.md name it. */
export interface Check<T> {
  readonly words: string;
  accepts(value: unknown): value is T;
}

/** The check of each member of an object. */
export type Members<T> = { readonly [K in keyof T]-?: Check<T[K]> };

/** Text of so many UTF-16 code units. */
export function text(most: number, least = 0): Check<string> {
  return {
    words: least === 0 ? 'text' : 'text, not empty',
    accepts: (value): value is string => typeof value === 'string' && value.length >= least && value.length <= most,
  };
}

/** True or false. */
export const flag: Check<boolean> = {
  words: 'true or false',
  accepts: (value): value is boolean => typeof value === 'boolean',
};

/** A whole number within limits. */
export function whole(least: number, most: number): Check<number> {
  return {
    words: `a whole number from ${String(least)} to ${String(most)}`,
    accepts: (value): value is number => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most,
  };
}

/** Any whole number that is exact in JSON. */
export const integer: Check<number> = {
  words: 'a whole number',
  accepts: (value): value is number => Number.isSafeInteger(value),
};

/** Any number. */
export const number: Check<number> = {
  words: 'a number',
  accepts: (value): value is number => typeof value === 'number',
};

/** A number or text. */
export const numberOrText: Check<number | string> = {
  words: 'a number or text',
  accepts: (value): value is number | string => typeof value === 'number' || typeof value === 'string',
};

/** Base64 as RFC 4648, section 4, has it: with its padding, without line breaks. `most` counts the characters. */
export function base64(most: number): Check<string> {
  return {
    words: `base64 of at most ${String((most / 4) * 3)} bytes`,
    accepts: (value): value is string =>
      typeof value === 'string' &&
      value.length <= most &&
      value.length % 4 === 0 &&
      /^[A-Za-z0-9+/]*={0,2}$/.test(value),
  };
}

/** The same, or null. */
export function nullable<T>(check: Check<T>): Check<T | null> {
  return {
    words: `${check.words}, or null`,
    accepts: (value): value is T | null => value === null || check.accepts(value),
  };
}

/** One of some words. */
export function oneOf<const T extends string>(choices: readonly T[]): Check<T> {
  return {
    words: choices.map((choice) => JSON.stringify(choice)).join(' or '),
    accepts: (value): value is T => choices.some((choice) => choice === value),
  };
}

/** One of the names in a table. */
export function keyOf<T extends string>(table: Readonly<Record<T, unknown>>): Check<T> {
  return {
    words: Object.keys(table)
      .map((choice) => JSON.stringify(choice))
      .join(' or '),
    accepts: (value): value is T => typeof value === 'string' && Object.hasOwn(table, value),
  };
}

/** A list of at most so many. */
export function listOf<T>(check: Check<T>, most: number, words: string): Check<readonly T[]> {
  return {
    words,
    accepts: (value): value is readonly T[] =>
      Array.isArray(value) && value.length <= most && value.every((item) => check.accepts(item)),
  };
}

/** An object with members of one type under any names. */
export function recordOf<T>(check: Check<T>, words: string): Check<Readonly<Record<string, T>>> {
  return {
    words,
    accepts: (value): value is Readonly<Record<string, T>> =>
      isObject(value) && Object.values(value).every((item) => check.accepts(item)),
  };
}

/** Any object. */
export const anything: Check<Readonly<Record<string, unknown>>> = { words: 'an object', accepts: isObject };

/** An object that has at least these members: a newer side may send more. */
export function shape<T extends object>(members: Members<T>): Check<T> {
  const names = Object.keys(members);
  return {
    words: names.length === 0 ? 'nothing' : names.map((name) => `\`${name}\``).join(', '),
    accepts: (value): value is T => {
      if (!isObject(value)) return false;
      for (const name in members) if (!members[name].accepts(value[name])) return false;
      return true;
    },
  };
}
