/** Where in a domain an element of a given name belongs: asked only when one stands in the wrong place. */
import { allElements, contentsOf, lookup } from './expect.ts';
import type { LookupName } from './derive.ts';
import type { Pattern, Patterns } from './patterns.ts';

const indexes = new WeakMap<Patterns, ReadonlyMap<string, readonly string[]>>();

/** The elements, as tags, in which the grammar takes one of that name. */
export function placesOf(patterns: Patterns, name: LookupName): readonly string[] {
  let index = indexes.get(patterns);
  if (index === undefined) {
    index = makeIndex(patterns);
    indexes.set(patterns, index);
  }
  return index.get(name.key) ?? [];
}

function makeIndex(patterns: Patterns): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, string[]>();
  const seen = new Set<Pattern>();
  const pending: [string, Pattern][] = [['', patterns.start]];
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    const [tag, content] = next;
    if (seen.has(content)) continue;
    seen.add(content);
    for (const { namespace, local } of allElements([content])) {
      const name = lookup(namespace, local);
      const places = index.get(name.key) ?? [];
      if (tag !== '' && !places.includes(tag)) places.push(tag);
      index.set(name.key, places);
      for (const inner of contentsOf(patterns, content, name)) pending.push([`<${local}>`, inner]);
    }
  }
  return index;
}
