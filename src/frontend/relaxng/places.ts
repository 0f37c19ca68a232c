/** Where in a document an element of a given name belongs: asked only when one stands in the wrong place. */
import { childElements, type XmlElement } from '../xml/tree.ts';
import { allElements, contentsOf, hasNamed, lookup } from './expect.ts';
import type { LookupName } from './derive.ts';
import type { Frame } from './frame.ts';
import type { Pattern, Patterns } from './patterns.ts';

/** By element name, the tags in which it may stand with the contents that it has there. */
type Index = ReadonlyMap<string, ReadonlyMap<string, readonly Pattern[]>>;

/** Where an element belongs. */
export interface Places {
  /** The tags of the elements in which it may stand, the likeliest first. */
  readonly tags: readonly string[];
  /** One of them is in the document, around the element or beside it, or may be right there. */
  readonly hasNear: boolean;
}

/** By what a document is: what belongs into a network does not belong into a domain. */
const indexes = new WeakMap<Patterns, Map<string, Index>>();

/**
 * The elements, as tags, in which the grammar takes an element of that name. Those in which it may have its attributes
 * come first, and of these the ones that are near: beside it, around it, in the element where it stands.
 */
export function placesOf(patterns: Patterns, name: LookupName, child: XmlElement, frame: Frame): Places {
  const own = `<${frame.element.name.local}>`;
  const around: string[] = [];
  let root = frame.element;
  for (let at = frame.parent; at !== null; at = at.parent) {
    around.push(`<${at.element.name.local}>`);
    root = at.element;
  }
  const beside = childElements(frame.element).map((other) => `<${other.name.local}>`);
  const below = allElements(frame.initial).map(({ local }) => `<${local}>`);
  const near = [beside, around, below];
  const rank = ([place, contents]: readonly [string, readonly Pattern[]]): number => {
    const found = near.findIndex((places) => places.includes(place));
    const fits = child.attributes.every((a) => {
      return hasNamed('attribute', contents, lookup(a.name.namespace, a.name.local));
    });
    return (fits ? 0 : near.length + 1) + (found < 0 ? near.length : found);
  };
  const found = [...(indexOf(patterns, root).get(name.key) ?? [])]
    .filter(([place]) => place !== own)
    .toSorted((a, b) => rank(a) - rank(b))
    .map(([place]) => place);
  return { tags: found, hasNear: found.some((place) => near.some((places) => places.includes(place))) };
}

function indexOf(patterns: Patterns, { name }: XmlElement): Index {
  const known = indexes.get(patterns) ?? new Map<string, Index>();
  indexes.set(patterns, known);
  const root = lookup(name.namespace, name.local);
  const made = known.get(root.key) ?? makeIndex(patterns, root);
  known.set(root.key, made);
  return made;
}

function makeIndex(patterns: Patterns, root: LookupName): Index {
  const index = new Map<string, Map<string, Pattern[]>>();
  const seen = new Set<Pattern>();
  const contents = contentsOf(patterns, patterns.start, root);
  const pending = contents.map((content): [string, Pattern] => [`<${root.local}>`, content]);
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    const [tag, content] = next;
    if (seen.has(content)) continue;
    seen.add(content);
    for (const { namespace, local } of allElements([content])) {
      const name = lookup(namespace, local);
      const inner = contentsOf(patterns, content, name);
      const places = index.get(name.key) ?? new Map<string, Pattern[]>();
      places.set(tag, [...(places.get(tag) ?? []), ...inner]);
      index.set(name.key, places);
      for (const one of inner) pending.push([`<${local}>`, one]);
    }
  }
  return index;
}
