/**
 * The degrees of a grammar as rows of text: what scripts/generate-schema.mjs writes as degrees.gen.json. A row is an
 * element, with a line for its name, one for its rules, then one for each of its parts, so that what no document asks for
 * stays one text. With tabs between, an attribute is `@NAME`, its rules and its conditions, a child element `#NAME`, its row and
 * its conditions. A condition is `NAME=WORD|WORD` of an attribute that stands in the same group, `?NAME=WORD` where it may be
 * absent too.
 */
import { invariant } from '../../diagnostics/invariant.ts';
import { rulesText } from './degree.ts';
import type { Grammar, Rng, RngAttribute, RngElement } from './grammar.ts';
import type { NameClass } from './patterns.ts';

/** Rows, the first ones those of the elements that a document can be. */
export type DegreeTable = readonly string[];

/** Makes the table. */
export function compileDegrees(grammar: Grammar): DegreeTable {
  const rows: string[] = [];
  const known = new Map<RngElement, number>();
  const pending: RngElement[] = [];
  const rowOf = (element: RngElement): number => {
    const found = known.get(element);
    if (found !== undefined) return found;
    known.set(element, known.size);
    pending.push(element);
    return known.size - 1;
  };
  const resolve = (pattern: Rng): Rng => {
    if (pattern.kind !== 'ref') return pattern;
    const define = grammar.defines.get(pattern.name);
    invariant(define !== undefined, `the grammar has no define ${pattern.name}`);
    return resolve(define.pattern);
  };
  /** The parts of a pattern, with what has to be true of the attributes beside them. */
  const parts = (written: Rng, conditions: readonly string[]): readonly string[] => {
    const pattern = resolve(written);
    switch (pattern.kind) {
      case 'choice':
        return pattern.items.flatMap((item) => alternative(resolve(item), conditions));
      case 'group':
      case 'interleave':
        return pattern.items.flatMap((item) => parts(item, conditions));
      case 'optional':
      case 'zeroOrMore':
      case 'oneOrMore':
        return parts(pattern.item, conditions);
      case 'element':
        return nameTexts(pattern.names).map((name) => [`#${name}`, String(rowOf(pattern)), ...conditions].join('\t'));
      case 'attribute':
        return nameTexts(pattern.names).map((name) =>
          [`@${name}`, rulesText(pattern.degrees), ...conditions].join('\t'),
        );
      default:
        return [];
    }
  };
  const alternative = (pattern: Rng, conditions: readonly string[]): readonly string[] => {
    const items = pattern.kind === 'group' ? pattern.items.map(resolve) : [pattern];
    const own = items.flatMap((item) => {
      const inner = item.kind === 'optional' ? resolve(item.item) : item;
      const words = inner.kind === 'attribute' ? wordsOf(inner) : [];
      const mark = item.kind === 'optional' ? '?' : '';
      return inner.kind === 'attribute' && words.length > 0
        ? nameTexts(inner.names).map((name) => `${mark}${name}=${words.join('|')}`)
        : [];
    });
    return items.flatMap((item) => parts(item, [...conditions, ...own]));
  };
  const start = resolve(grammar.start);
  for (const root of start.kind === 'choice' ? start.items.map(resolve) : [start]) {
    invariant(root.kind === 'element', 'a document of the grammar is not one element');
    rowOf(root);
  }
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    rows.push([nameTexts(next.names)[0] ?? '', rulesText(next.degrees), ...new Set(parts(next.item, []))].join('\n'));
  }
  return rows;
}

/** A name as the keys of `degrees.ts` are, `{NAMESPACE}*` for all of a namespace, `*` for any. */
function nameTexts(names: NameClass): readonly string[] {
  switch (names.kind) {
    case 'name':
      return [names.namespace === '' ? names.local : `{${names.namespace}}${names.local}`];
    case 'namespace':
      return [`{${names.namespace}}*`];
    case 'choice':
      return names.items.flatMap(nameTexts);
    default:
      return ['*'];
  }
}

/** The words of an attribute that has no other values. */
function wordsOf(attribute: RngAttribute): readonly string[] {
  const items = attribute.item.kind === 'choice' ? attribute.item.items : [attribute.item];
  const words = items.flatMap((item) => (item.kind === 'value' ? [item.text] : []));
  return words.length === items.length ? words : [];
}
