/** What becomes of one thing that a build makes: what is said of guests, networks and volumes alike. */
import { degrees, type Degree } from './facts.ts';

/** One change of a thing. */
export interface Change {
  readonly sign: '+' | '-' | '~';
  readonly degree: Degree;
  /** A sentence without a full stop. */
  readonly text: string;
}

/** What becomes of a thing. */
export interface Fate {
  readonly kind: 'added' | 'removed' | 'changed' | 'unchanged';
  /** The gravest of its changes. */
  readonly degree: Degree;
  readonly changes: readonly Change[];
}

/** What becomes of a thing that was, or is, undefined where it is not there. */
export function fateOf(old: unknown, fresh: unknown, changes: readonly Change[]): Fate {
  const stays = changes.length === 0 ? 'unchanged' : 'changed';
  const kind = old === undefined ? 'added' : fresh === undefined ? 'removed' : stays;
  return { kind, degree: gravest(changes), changes };
}

/** A thing that is there before, after, or both, under its key. */
export interface Pair<T> {
  readonly key: string;
  readonly old: T | undefined;
  readonly fresh: T | undefined;
}

/** Things of before and after by their keys, in the order of these. */
export function pairsOf<T>(before: ReadonlyMap<string, T>, after: ReadonlyMap<string, T>): readonly Pair<T>[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return keys.map((key) => ({ key, old: before.get(key), fresh: after.get(key) }));
}

/** The gravest degree of some changes. */
export function gravest(changes: readonly { readonly degree: Degree }[]): Degree {
  return degrees[Math.max(0, ...changes.map(({ degree }) => degrees.indexOf(degree)))] ?? 'nothing';
}

/** The sentence of a value that becomes another one; an empty one is none. */
export function becomes(what: string, was: string, is: string): string {
  return `${what}: ${was === '' ? 'none' : was} becomes ${is === '' ? 'none' : is}`;
}
