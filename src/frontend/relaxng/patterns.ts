/**
 * Patterns of a grammar at work. Equal patterns are one object (hash consing), so that equality is identity and what is
 * known of a pattern can be kept with it. Element contents are made when they are first needed.
 */
import type { Facet } from './datatypes.ts';
import { nameOp, nodeOp, readRows, type GrammarTable } from './table.ts';

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

interface Base {
  readonly id: number;
  /** Matches the empty sequence. */
  readonly nullable: boolean;
  /** Holds attribute patterns, elements' own not counted. */
  readonly hasAttributes: boolean;
  /** What was worked out before; filled by `derive.ts`. */
  starts: Map<string, readonly Transition[]> | null;
  plans: Map<string, AttributePlan> | null;
  closed: Pattern | null;
}

/** A pattern (RELAX NG specification, section 4.18 and on). */
export type Pattern = Base &
  (
    | { readonly kind: 'empty' | 'notAllowed' | 'text' }
    | { readonly kind: 'choice' | 'group' | 'interleave'; readonly items: readonly Pattern[] }
    | { readonly kind: 'oneOrMore' | 'list'; readonly item: Pattern }
    | { readonly kind: 'element'; readonly name: NameClass; readonly element: number }
    | { readonly kind: 'attribute'; readonly name: NameClass; readonly item: Pattern }
    | DataPattern
    | { readonly kind: 'value'; readonly type: string; readonly text: string }
  );

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

/** Makes the patterns of a compiled grammar. */
export function createPatterns(table: GrammarTable): Patterns {
  const known = new Map<string, Pattern>();
  const nodes = new Map<number, Pattern>();
  const contents = new Map<number, Pattern>();
  let size = 0;

  const base = (nullable: boolean, hasAttributes: boolean): Base => ({
    id: size++,
    nullable,
    hasAttributes,
    starts: null,
    plans: null,
    closed: null,
  });
  const kept = (key: string, make: () => Pattern): Pattern => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = make();
    known.set(key, made);
    return made;
  };
  const keyOf = (kind: string, items: readonly Pattern[]): string => {
    let key = kind;
    for (const item of items) key += `${String(item.id)} `;
    return key;
  };

  const empty: Pattern = { ...base(true, false), kind: 'empty' };
  const notAllowed: Pattern = { ...base(false, false), kind: 'notAllowed' };
  const text: Pattern = { ...base(true, false), kind: 'text' };

  const choice = (items: readonly Pattern[]): Pattern => {
    const flat: Pattern[] = [];
    for (const item of items) {
      if (item === notAllowed) continue;
      for (const part of item.kind === 'choice' ? item.items : [item]) if (!flat.includes(part)) flat.push(part);
    }
    const useful =
      flat.length > 1 ? flat.filter((p) => p !== empty || !flat.some((q) => q !== empty && q.nullable)) : flat;
    const [first] = useful;
    if (first === undefined) return notAllowed;
    if (useful.length === 1) return first;
    return kept(
      keyOf(
        '|',
        useful.toSorted((a, b) => a.id - b.id),
      ),
      () => ({
        ...base(
          useful.some((p) => p.nullable),
          useful.some((p) => p.hasAttributes),
        ),
        kind: 'choice',
        items: useful,
      }),
    );
  };
  const sequence = (kind: 'group' | 'interleave', items: readonly Pattern[]): Pattern => {
    const flat: Pattern[] = [];
    for (const item of items) {
      if (item === notAllowed) return notAllowed;
      if (item.kind === kind) flat.push(...item.items);
      else if (item !== empty) flat.push(item);
    }
    const [first] = flat;
    if (first === undefined) return empty;
    if (flat.length === 1) return first;
    return kept(keyOf(kind === 'group' ? ',' : '&', flat), () => ({
      ...base(
        flat.every((p) => p.nullable),
        flat.some((p) => p.hasAttributes),
      ),
      kind,
      items: flat,
    }));
  };
  const oneOrMore = (item: Pattern): Pattern =>
    item === notAllowed || item === empty || item.kind === 'oneOrMore'
      ? item
      : kept(`+${String(item.id)}`, () => ({ ...base(item.nullable, item.hasAttributes), kind: 'oneOrMore', item }));

  const nameRow = readRows(table.names);
  const nodeRow = readRows(table.nodes);
  const elementRow = readRows(table.elements);
  const string = (index: number | undefined): string => (index === undefined ? '' : (table.strings[index] ?? ''));
  const nameClass = (index: number): NameClass => {
    const [kind, ...items] = nameRow(index);
    const [first = -1, second = -1] = items;
    if (kind === nameOp.name) return { kind: 'name', namespace: string(first), local: string(second) };
    if (kind === nameOp.any) return { kind: 'any', except: first < 0 ? null : nameClass(first) };
    if (kind === nameOp.namespace)
      return { kind: 'namespace', namespace: string(first), except: second < 0 ? null : nameClass(second) };
    return { kind: 'choice', items: items.map(nameClass) };
  };
  const build = (index: number): Pattern => {
    const [kind, ...rest] = nodeRow(index);
    const [first = -1, second = -1, third = -1, ...others] = rest;
    switch (kind) {
      case nodeOp.empty:
        return empty;
      case nodeOp.text:
        return text;
      case nodeOp.choice:
        return choice(rest.map(node));
      case nodeOp.group:
        return sequence('group', rest.map(node));
      case nodeOp.interleave:
        return sequence('interleave', rest.map(node));
      case nodeOp.oneOrMore:
        return oneOrMore(node(first));
      case nodeOp.list:
        return { ...base(false, false), kind: 'list', item: node(first) };
      case nodeOp.element:
        return {
          ...base(false, false),
          kind: 'element',
          name: nameClass(elementRow(first)[0] ?? -1),
          element: first,
        };
      case nodeOp.attribute:
        return { ...base(false, true), kind: 'attribute', name: nameClass(first), item: node(second) };
      case nodeOp.data: {
        const parameters: Facet[] = [];
        for (let i = 0; i < others.length; i += 2)
          parameters.push({ name: string(others[i]), text: string(others[i + 1]) });
        const except = third < 0 ? null : node(third);
        return { ...base(false, false), kind: 'data', type: string(first), label: string(second), parameters, except };
      }
      case nodeOp.value:
        return { ...base(false, false), kind: 'value', type: string(first), text: string(second) };
      default:
        return notAllowed;
    }
  };
  const node = (index: number): Pattern => {
    const found = nodes.get(index);
    if (found !== undefined) return found;
    const made = build(index);
    nodes.set(index, made);
    return made;
  };

  return {
    start: node(table.start),
    empty,
    notAllowed,
    choice,
    group: (items) => sequence('group', items),
    interleave: (items) => sequence('interleave', items),
    oneOrMore,
    contentOf(element) {
      const found = contents.get(element);
      if (found !== undefined) return found;
      const made = node(elementRow(element)[1] ?? -1);
      contents.set(element, made);
      return made;
    },
    get size() {
      return size;
    },
    grow() {
      size += 1;
    },
  };
}
