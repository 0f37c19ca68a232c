/** Lists that live long in great number. */

/**
 * The same list without room to grow: what `flatMap` gives, or a list that is made of others, has place for half as many again, and for 17
 * at least. Plans of all guests are in memory at once.
 */
export function exact<T>(list: readonly T[]): readonly T[] {
  return list.slice();
}
