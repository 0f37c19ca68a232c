/** From a grammar as written to the rows of its compiled form. Used when the compiled form is made. */
import { invariant } from '../../diagnostics/invariant.ts';
import type { Grammar, Rng, RngElement } from './grammar.ts';
import type { NameClass } from './patterns.ts';
import { nameOp, nodeOp, writeRows, type GrammarTable } from './table.ts';

/** A list in which each entry stands once. */
interface Rows<T> {
  readonly list: readonly T[];
  /** The index of the entry, which is added where it is missing. */
  indexOf(entry: T): number;
}

function rows<T>(): Rows<T> {
  const list: T[] = [];
  const known = new Map<string, number>();
  return {
    list,
    indexOf(entry) {
      const key = JSON.stringify(entry);
      const found = known.get(key);
      if (found !== undefined) return found;
      list.push(entry);
      known.set(key, list.length - 1);
      return list.length - 1;
    },
  };
}

/** Compiles a grammar. Refs are replaced by what they refer to; only through an element may a define hold itself. */
export function compileGrammar(grammar: Grammar): GrammarTable {
  const strings = rows<string>();
  const names = rows<readonly number[]>();
  const nodes = rows<readonly number[]>();
  const elements: [number, number][] = [];
  const elementIndex = new Map<RngElement, number>();
  const pending: RngElement[] = [];
  const open: string[] = [];

  const name = (names_: NameClass): number => {
    const except = (inner: NameClass | null): number => (inner === null ? -1 : name(inner));
    switch (names_.kind) {
      case 'name':
        return names.indexOf([nameOp.name, strings.indexOf(names_.namespace), strings.indexOf(names_.local)]);
      case 'any':
        return names.indexOf([nameOp.any, except(names_.except)]);
      case 'namespace':
        return names.indexOf([nameOp.namespace, strings.indexOf(names_.namespace), except(names_.except)]);
      case 'choice':
        return names.indexOf([nameOp.choice, ...names_.items.map(name)]);
    }
  };
  const element = (pattern: RngElement): number => {
    const known = elementIndex.get(pattern);
    if (known !== undefined) return known;
    elements.push([name(pattern.names), -1]);
    elementIndex.set(pattern, elements.length - 1);
    pending.push(pattern);
    return elements.length - 1;
  };
  /** `label` says what the values are, where a define that holds nothing else does. */
  const node = (pattern: Rng, label: string): number => {
    const empty = (): number => nodes.indexOf([nodeOp.empty]);
    const item = (inner: Rng): number => node(inner, label);
    switch (pattern.kind) {
      case 'empty':
      case 'notAllowed':
      case 'text':
        return nodes.indexOf([nodeOp[pattern.kind]]);
      case 'choice':
      case 'group':
      case 'interleave':
        return nodes.indexOf([nodeOp[pattern.kind], ...pattern.items.map(item)]);
      case 'optional':
        return nodes.indexOf([nodeOp.choice, item(pattern.item), empty()]);
      case 'zeroOrMore':
        return nodes.indexOf([nodeOp.choice, nodes.indexOf([nodeOp.oneOrMore, item(pattern.item)]), empty()]);
      case 'oneOrMore':
      case 'list':
        return nodes.indexOf([nodeOp[pattern.kind], item(pattern.item)]);
      case 'ref': {
        const found = grammar.defines.get(pattern.name);
        invariant(found !== undefined, `the grammar has no define ${pattern.name}`);
        invariant(!open.includes(pattern.name), `the define ${pattern.name} holds itself`);
        open.push(pattern.name);
        const made = node(found.pattern, found.documentation === '' ? label : found.documentation);
        open.pop();
        return made;
      }
      case 'element':
        return nodes.indexOf([nodeOp.element, element(pattern)]);
      case 'attribute':
        return nodes.indexOf([nodeOp.attribute, name(pattern.names), node(pattern.item, '')]);
      case 'data': {
        const parameters = pattern.parameters.flatMap((p) => [strings.indexOf(p.name), strings.indexOf(p.text)]);
        const except = pattern.except === null ? -1 : item(pattern.except);
        return nodes.indexOf([
          nodeOp.data,
          strings.indexOf(pattern.type),
          strings.indexOf(label),
          except,
          ...parameters,
        ]);
      }
      case 'value':
        return nodes.indexOf([nodeOp.value, strings.indexOf(pattern.type), strings.indexOf(pattern.text)]);
    }
  };

  const start = node(grammar.start, '');
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    const row = elements[element(next)];
    invariant(row !== undefined, 'an element of the grammar has no row');
    row[1] = node(next.item, '');
  }
  return {
    strings: strings.list,
    names: writeRows(names.list),
    nodes: writeRows(nodes.list),
    elements: writeRows(elements),
    start,
  };
}
