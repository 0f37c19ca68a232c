/**
 * Makes the patterns of a compiled grammar. This runs for the first document, on code that no compiler has seen yet, so
 * it is written for few steps: plain loops, no copies, rows read where they lie.
 */
import type { Facet } from './datatypes.ts';
import type { NameClass, Pattern, PatternBase, Patterns } from './patterns.ts';
import { nameOp, nodeOp, type GrammarTable } from './table.ts';

/** Makes the patterns; those inside elements when they are needed. */
export function createPatterns(table: GrammarTable): Patterns {
  const known = new Map<string, Pattern>();
  const nodes = new Map<number, Pattern>();
  const classes = new Map<number, NameClass>();
  let size = 0;

  /** What all patterns have; nothing is worked out about it yet. */
  const base = (nullable: boolean, hasAttributes: boolean, first: string | null): PatternBase => ({
    id: size++,
    nullable,
    hasAttributes,
    first,
    starts: null,
    plans: null,
    closed: null,
    optional: null,
    repeated: null,
  });
  const bare = (kind: 'empty' | 'notAllowed' | 'text'): Pattern =>
    Object.assign(base(kind !== 'notAllowed', false, null), { kind });
  const empty = bare('empty');
  const notAllowed = bare('notAllowed');
  const text = bare('text');

  const several = (kind: 'choice' | 'group' | 'interleave', items: readonly Pattern[]): Pattern => {
    let some = false;
    let every = true;
    let hasAttributes = false;
    let first: string | null = null;
    let isOne = true;
    for (const item of items) {
      if (item.nullable) some = true;
      else every = false;
      if (item.hasAttributes) hasAttributes = true;
      if (item === empty) continue;
      if (item.first === null || (first !== null && item.first !== first)) isOne = false;
      first = item.first;
    }
    const nullable = kind === 'choice' ? some : every;
    return Object.assign(base(nullable, hasAttributes, isOne ? first : null), { kind, items });
  };
  const kept = (
    kind: 'choice' | 'group' | 'interleave',
    items: readonly Pattern[],
    ids: readonly Pattern[],
  ): Pattern => {
    let key: string = kind;
    for (const { id } of ids) key += ` ${String(id)}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = several(kind, items);
    known.set(key, made);
    return made;
  };

  const optionalOf = (item: Pattern): Pattern => {
    if (item.nullable) return item;
    item.optional ??= several('choice', item.kind === 'choice' ? [...item.items, empty] : [item, empty]);
    return item.optional;
  };
  const choice = (items: readonly Pattern[]): Pattern => {
    const flat: Pattern[] = [];
    let isOptional = false;
    for (const item of items) {
      if (item === empty) isOptional = true;
      else if (item.kind === 'choice') {
        for (const part of item.items) {
          if (part === empty) isOptional = true;
          else if (!flat.includes(part)) flat.push(part);
        }
      } else if (item !== notAllowed && !flat.includes(item)) flat.push(item);
    }
    const one = flat[0];
    if (one === undefined) return isOptional ? empty : notAllowed;
    const all =
      flat.length === 1
        ? one
        : kept(
            'choice',
            flat,
            flat.toSorted((a, b) => a.id - b.id),
          );
    return isOptional ? optionalOf(all) : all;
  };
  const sequence = (kind: 'group' | 'interleave', items: readonly Pattern[]): Pattern => {
    const flat: Pattern[] = [];
    for (const item of items) {
      if (item === notAllowed) return notAllowed;
      if (item.kind === kind) flat.push(...item.items);
      else if (item !== empty) flat.push(item);
    }
    const one = flat[0];
    if (one === undefined) return empty;
    return flat.length === 1 ? one : kept(kind, flat, flat);
  };
  const oneOrMore = (item: Pattern): Pattern => {
    if (item === notAllowed || item === empty || item.kind === 'oneOrMore') return item;
    const { nullable, hasAttributes, first } = item;
    item.repeated ??= Object.assign(base(nullable, hasAttributes, first), { kind: 'oneOrMore' as const, item });
    return item.repeated;
  };

  const number = (list: readonly number[], place: number): number => list[place] ?? -1;
  const string = (index: number): string => table.strings[index] ?? '';
  const nameClass = (place: number): NameClass => {
    const found = classes.get(place);
    if (found !== undefined) return found;
    const made = makeNameClass(place);
    classes.set(place, made);
    return made;
  };
  const makeNameClass = (place: number): NameClass => {
    const kind = number(table.names, place);
    const one = number(table.names, place + 2);
    const two = number(table.names, place + 3);
    if (kind === nameOp.name) return { kind: 'name', namespace: string(one), local: string(two) };
    if (kind === nameOp.any) return { kind: 'any', except: one < 0 ? null : nameClass(one) };
    if (kind === nameOp.namespace)
      return { kind: 'namespace', namespace: string(one), except: two < 0 ? null : nameClass(two) };
    const end = place + 2 + number(table.names, place + 1);
    return { kind: 'choice', items: table.names.slice(place + 2, end).map(nameClass) };
  };

  const node = (place: number): Pattern => {
    const found = nodes.get(place);
    if (found !== undefined) return found;
    const made = makeNode(place);
    nodes.set(place, made);
    return made;
  };
  const children = (place: number): readonly Pattern[] => {
    const items: Pattern[] = [];
    const end = place + 2 + number(table.nodes, place + 1);
    for (let at = place + 2; at < end; at++) items.push(node(number(table.nodes, at)));
    return items;
  };
  const makeNode = (place: number): Pattern => {
    const one = number(table.nodes, place + 2);
    const two = number(table.nodes, place + 3);
    switch (number(table.nodes, place)) {
      case nodeOp.empty:
        return empty;
      case nodeOp.text:
        return text;
      case nodeOp.choice:
        return choice(children(place));
      case nodeOp.group:
        return sequence('group', children(place));
      case nodeOp.interleave:
        return sequence('interleave', children(place));
      case nodeOp.oneOrMore:
        return oneOrMore(node(one));
      case nodeOp.list:
        return Object.assign(base(false, false, null), { kind: 'list' as const, item: node(one) });
      case nodeOp.element: {
        const name = nameClass(number(table.elements, 2 * one));
        const first = name.kind === 'name' ? name.local : null;
        return Object.assign(base(false, false, first), { kind: 'element' as const, name, element: one });
      }
      case nodeOp.attribute:
        return Object.assign(base(false, true, null), {
          kind: 'attribute' as const,
          name: nameClass(one),
          item: node(two),
        });
      case nodeOp.data:
        return dataPattern(place);
      case nodeOp.value:
        return valuePattern(place);
      default:
        return notAllowed;
    }
  };
  const valuePattern = (place: number): Pattern => {
    const end = place + 2 + number(table.nodes, place + 1);
    return Object.assign(base(false, false, null), {
      kind: 'value' as const,
      type: string(number(table.nodes, place + 2)),
      text: string(number(table.nodes, place + 3)),
      offered: number(table.nodes, place + 4) === 1,
      also: table.nodes.slice(place + 5, end).map(string),
    });
  };
  const dataPattern = (place: number): Pattern => {
    const parameters: Facet[] = [];
    const end = place + 2 + number(table.nodes, place + 1);
    for (let at = place + 5; at < end; at += 2)
      parameters.push({ name: string(number(table.nodes, at)), text: string(number(table.nodes, at + 1)) });
    const type = string(number(table.nodes, place + 2));
    const label = string(number(table.nodes, place + 3));
    const exception = number(table.nodes, place + 4);
    const except = exception < 0 ? null : node(exception);
    return Object.assign(base(false, false, null), { kind: 'data' as const, type, label, parameters, except });
  };

  return {
    start: node(table.start),
    empty,
    notAllowed,
    choice,
    group: (items) => sequence('group', items),
    interleave: (items) => sequence('interleave', items),
    oneOrMore,
    contentOf: (element) => node(number(table.elements, 2 * element + 1)),
    get size() {
      return size;
    },
    grow() {
      size += 1;
    },
  };
}
