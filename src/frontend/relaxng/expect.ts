/** What a pattern would accept next: the sets from which findings say what was expected. */
import { contains, type NameClass, type Pattern, type Patterns } from './patterns.ts';
import type { LookupName } from './derive.ts';

/** A name that could stand there; of an open name class only the fact is told. */
export interface ExpectedName {
  readonly namespace: string;
  readonly local: string;
}

/** What values could stand there. */
export interface ExpectedValues {
  /** The words of enumerations. */
  readonly words: readonly string[];
  /** Those of them that bhyve can do: what is offered for a word that fits nothing. */
  readonly offered: readonly string[];
  /** What people write for them. */
  readonly also: ReadonlyMap<string, string>;
  /** What other values are, in the grammar's words. */
  readonly labels: readonly string[];
}

/** A name as the engine looks it up. */
export function lookup(namespace: string, local: string): LookupName {
  return { namespace, local, key: namespace === '' ? local : `{${namespace}}${local}` };
}

/** The prefixes that documents usually have for the namespaces of the grammar. */
const usualPrefixes: Readonly<Record<string, string>> = {
  'http://libvirt.org/schemas/domain/bhyve/1.0': 'bhyve',
  'https://bhyvec.org/xmlns/domain/1.0': 'bhyvec',
};

/** The name as a document would write it. */
export function shownName(name: ExpectedName): string {
  const prefix = usualPrefixes[name.namespace];
  return prefix === undefined ? name.local : `${prefix}:${name.local}`;
}

/** The name as a document would write it, with the declaration of its prefix. */
export function declaredName(name: ExpectedName): string {
  const prefix = usualPrefixes[name.namespace];
  return prefix === undefined ? name.local : `${prefix}:${name.local} xmlns:${prefix}='${name.namespace}'`;
}

/** The element names that may come next in any of the patterns. */
export function nextElements(patterns: readonly Pattern[]): readonly ExpectedName[] {
  return elementNames(patterns, (group) => {
    const end = group.findIndex((item) => !item.nullable);
    return end < 0 ? group : group.slice(0, end + 1);
  });
}

/** The element names that the patterns hold at all, wherever they stand. */
export function allElements(patterns: readonly Pattern[]): readonly ExpectedName[] {
  return elementNames(patterns, (group) => group);
}

function elementNames(
  patterns: readonly Pattern[],
  reachable: (group: readonly Pattern[]) => readonly Pattern[],
): readonly ExpectedName[] {
  const found = new Map<string, ExpectedName>();
  const visit = (p: Pattern): void => {
    if (p.kind === 'element')
      for (const name of namesIn(p.name)) found.set(lookup(name.namespace, name.local).key, name);
    else if (p.kind === 'group') reachable(p.items).forEach(visit);
    else if (p.kind === 'choice' || p.kind === 'interleave') p.items.forEach(visit);
    else if (p.kind === 'oneOrMore') visit(p.item);
  };
  patterns.forEach(visit);
  return [...found.values()];
}

/** The attribute names that the patterns hold. */
export function attributeNames(patterns: readonly Pattern[]): readonly ExpectedName[] {
  const found = new Map<string, ExpectedName>();
  const visit = (p: Pattern): void => {
    if (!p.hasAttributes) return;
    if (p.kind === 'attribute')
      for (const name of namesIn(p.name)) found.set(lookup(name.namespace, name.local).key, name);
    else if (p.kind === 'choice' || p.kind === 'group' || p.kind === 'interleave') p.items.forEach(visit);
    else if (p.kind === 'oneOrMore') visit(p.item);
  };
  patterns.forEach(visit);
  return [...found.values()];
}

/** Tells whether one of the patterns has an attribute, or an element of its own, of that name. */
export function hasNamed(kind: 'attribute' | 'element', patterns: readonly Pattern[], name: LookupName): boolean {
  const visit = (p: Pattern): boolean => {
    if (p.kind === kind) return contains(p.name, name.namespace, name.local);
    if (p.kind === 'choice' || p.kind === 'group' || p.kind === 'interleave') return p.items.some(visit);
    return p.kind === 'oneOrMore' && visit(p.item);
  };
  return patterns.some(visit);
}

/** Tells whether elements of names that the grammar does not list may come next. */
export function takesForeign(patterns: readonly Pattern[]): boolean {
  const visit = (p: Pattern): boolean => {
    if (p.kind === 'element') return p.name.kind === 'any';
    if (p.kind === 'choice' || p.kind === 'group' || p.kind === 'interleave') return p.items.some(visit);
    return p.kind === 'oneOrMore' && visit(p.item);
  };
  return patterns.some(visit);
}

/** The contents of the elements of that name that a pattern holds, wherever they stand. */
export function contentsOf(patterns: Patterns, pattern: Pattern, name: LookupName): readonly Pattern[] {
  if (pattern.kind === 'element')
    return contains(pattern.name, name.namespace, name.local) ? [patterns.contentOf(pattern.element)] : [];
  if (pattern.kind === 'choice' || pattern.kind === 'group' || pattern.kind === 'interleave')
    return pattern.items.flatMap((item) => contentsOf(patterns, item, name));
  return pattern.kind === 'oneOrMore' ? contentsOf(patterns, pattern.item, name) : [];
}

/** The names without which none of the patterns can be complete. */
export function required(kind: 'attribute' | 'element', patterns: readonly Pattern[]): readonly ExpectedName[] {
  const visit = (p: Pattern): Map<string, ExpectedName> => {
    if (p.kind === kind) {
      const [first, ...others] = namesIn(p.name);
      return new Map(
        first !== undefined && others.length === 0 ? [[lookup(first.namespace, first.local).key, first]] : [],
      );
    }
    if (p.kind === 'group' || p.kind === 'interleave') return new Map(p.items.flatMap((item) => [...visit(item)]));
    if (p.kind === 'choice' && !(kind === 'element' && p.nullable)) return common(p.items.map(visit));
    return p.kind === 'oneOrMore' ? visit(p.item) : new Map<string, ExpectedName>();
  };
  return [...common(patterns.map(visit)).values()];
}

function common(maps: readonly Map<string, ExpectedName>[]): Map<string, ExpectedName> {
  const [first, ...others] = maps;
  return new Map([...(first ?? [])].filter(([key]) => others.every((other) => other.has(key))));
}

/** What values the patterns of an attribute or of a text would take. */
export function expectedValues(patterns: readonly Pattern[]): ExpectedValues {
  const words = new Set<string>();
  const offered = new Set<string>();
  const also = new Map<string, string>();
  const labels = new Set<string>();
  const value = (p: Pattern & { readonly kind: 'value' }): void => {
    words.add(p.text);
    if (p.offered) offered.add(p.text);
    for (const word of p.also) also.set(word, p.text);
  };
  const visit = (p: Pattern): void => {
    if (p.kind === 'value') value(p);
    else if (p.kind === 'data') labels.add(p.label === '' ? plainLabel(p.type) : p.label);
    else if (p.kind === 'text') labels.add('text');
    else if (p.kind === 'choice' || p.kind === 'group' || p.kind === 'interleave') p.items.forEach(visit);
    else if (p.kind === 'oneOrMore' || p.kind === 'list') visit(p.item);
  };
  patterns.forEach(visit);
  return { words: [...words], offered: offered.size === 0 ? [...words] : [...offered], also, labels: [...labels] };
}

function plainLabel(type: string): string {
  return type === 'string' || type === 'token' ? 'text' : type === 'decimal' ? 'a number' : 'a whole number';
}

function namesIn(names: NameClass): readonly ExpectedName[] {
  if (names.kind === 'name') return [names];
  return names.kind === 'choice' ? names.items.flatMap(namesIn) : [];
}
