/**
 * Patterns of a grammar at work. Equal patterns are one object (hash consing), so that equality is identity and what is
 * known of a pattern can be kept with it. Element contents are made when they are first needed.
 */
import type { Facet } from './datatypes.ts';

/** A set of names. */
export type NameClass =
  | { readonly kind: 'name'; readonly namespace: string; readonly local: string }
  | { readonly kind: 'any'; readonly except: NameClass | null }
  | { readonly kind: 'namespace'; readonly namespace: string; readonly except: NameClass | null }
  | { readonly kind: 'choice'; readonly items: readonly NameClass[] };

/** What follows when an element begins: the content it must have, and what remains beside it. */
export interface Transition {
  readonly content: Pattern;
  readonly rest: Pattern;
}

/** What follows when an attribute is met: the patterns its value may have, and the result for each set of matches. */
export interface AttributePlan {
  readonly values: readonly Pattern[];
  readonly results: Map<number, Pattern>;
}

/** What all kinds of patterns have. */
export interface PatternBase {
  readonly id: number;
  /** Matches the empty sequence. */
  readonly nullable: boolean;
  /** Holds attribute patterns, elements' own not counted. */
  readonly hasAttributes: boolean;
  /** The local name of the only elements that it may begin with; null where that is not known. */
  readonly first: string | null;
  /** What was worked out before; filled by `derive.ts`. */
  starts: Map<string, readonly Transition[]> | null;
  plans: Map<string, AttributePlan> | null;
  closed: Pattern | null;
  /** The pattern or nothing, and the pattern repeated, once they were asked for. */
  optional: Pattern | null;
  repeated: Pattern | null;
}

/** A pattern (RELAX NG specification, section 4.18 and on). */
export type Pattern = PatternBase &
  (
    | { readonly kind: 'empty' | 'notAllowed' | 'text' }
    | { readonly kind: 'choice' | 'group' | 'interleave'; readonly items: readonly Pattern[] }
    | { readonly kind: 'oneOrMore' | 'list'; readonly item: Pattern }
    | { readonly kind: 'element'; readonly name: NameClass; readonly element: number }
    | { readonly kind: 'attribute'; readonly name: NameClass; readonly item: Pattern }
    | DataPattern
    | ValuePattern
  );

interface ValuePattern {
  readonly kind: 'value';
  readonly type: string;
  readonly text: string;
  /** False for a word that bhyve cannot do: it is not offered in the place of another one. */
  readonly offered: boolean;
  /** Words that people write for it. */
  readonly also: readonly string[];
}

interface DataPattern {
  readonly kind: 'data';
  readonly type: string;
  /** What the values are, for people; empty where the grammar does not say. */
  readonly label: string;
  readonly parameters: readonly Facet[];
  readonly except: Pattern | null;
}

/** The patterns of one grammar. */
export interface Patterns {
  readonly start: Pattern;
  readonly empty: Pattern;
  readonly notAllowed: Pattern;
  choice(items: readonly Pattern[]): Pattern;
  group(items: readonly Pattern[]): Pattern;
  interleave(items: readonly Pattern[]): Pattern;
  oneOrMore(item: Pattern): Pattern;
  /** The content of an element pattern. */
  contentOf(element: number): Pattern;
  /** How much is kept by now: patterns, and what was worked out about them. */
  readonly size: number;
  /** Counts something worked out. */
  grow(): void;
}

/** Tells whether a name is in the class. */
export function contains(names: NameClass, namespace: string, local: string): boolean {
  switch (names.kind) {
    case 'name':
      return names.local === local && names.namespace === namespace;
    case 'any':
      return names.except === null || !contains(names.except, namespace, local);
    case 'namespace':
      return names.namespace === namespace && (names.except === null || !contains(names.except, namespace, local));
    case 'choice':
      return names.items.some((item) => contains(item, namespace, local));
  }
}
