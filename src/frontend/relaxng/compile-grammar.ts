/** From a grammar as written to the rows of its compiled form. Used when the compiled form is made. */
import { invariant } from '../../diagnostics/invariant.ts';
import type { Grammar, Rng, RngElement } from './grammar.ts';
import type { NameClass } from './patterns.ts';
import { nameOp, nodeOp, type GrammarTable } from './table.ts';

/** Rows in one list, each of which stands there once. */
interface Rows {
  readonly list: readonly number[];
  /** The place of the row, which is added where it is missing. */
  placeOf(row: readonly number[]): number;
}

function createRows(): Rows {
  const list: number[] = [];
  const known = new Map<string, number>();
  return {
    list,
    placeOf([kind = -1, ...rest]) {
      const key = [kind, ...rest].join(' ');
      const found = known.get(key);
      if (found !== undefined) return found;
      const place = list.length;
      list.push(kind, rest.length, ...rest);
      known.set(key, place);
      return place;
    },
  };
}

/** Compiles a grammar. Refs are replaced by what they refer to; only through an element may a define hold itself. */
export function compileGrammar(grammar: Grammar): GrammarTable {
  const strings: string[] = [];
  const names = createRows();
  const nodes = createRows();
  const elements: [number, number][] = [];
  const elementIndex = new Map<RngElement, number>();
  const pending: RngElement[] = [];
  const open: string[] = [];

  const string = (text: string): number => {
    const found = strings.indexOf(text);
    return found >= 0 ? found : strings.push(text) - 1;
  };
  const name = (names_: NameClass): number => {
    const except = (inner: NameClass | null): number => (inner === null ? -1 : name(inner));
    switch (names_.kind) {
      case 'name':
        return names.placeOf([nameOp.name, string(names_.namespace), string(names_.local)]);
      case 'any':
        return names.placeOf([nameOp.any, except(names_.except)]);
      case 'namespace':
        return names.placeOf([nameOp.namespace, string(names_.namespace), except(names_.except)]);
      case 'choice':
        return names.placeOf([nameOp.choice, ...names_.items.map(name)]);
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
    const empty = (): number => nodes.placeOf([nodeOp.empty]);
    const item = (inner: Rng): number => node(inner, label);
    switch (pattern.kind) {
      case 'empty':
      case 'notAllowed':
      case 'text':
        return nodes.placeOf([nodeOp[pattern.kind]]);
      case 'choice':
      case 'group':
      case 'interleave':
        return nodes.placeOf([nodeOp[pattern.kind], ...pattern.items.map(item)]);
      case 'optional':
        return nodes.placeOf([nodeOp.choice, item(pattern.item), empty()]);
      case 'zeroOrMore':
        return nodes.placeOf([nodeOp.choice, nodes.placeOf([nodeOp.oneOrMore, item(pattern.item)]), empty()]);
      case 'oneOrMore':
      case 'list':
        return nodes.placeOf([nodeOp[pattern.kind], item(pattern.item)]);
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
        return nodes.placeOf([nodeOp.element, element(pattern)]);
      case 'attribute':
        return nodes.placeOf([nodeOp.attribute, name(pattern.names), node(pattern.item, '')]);
      case 'data': {
        const parameters = pattern.parameters.flatMap((p) => [string(p.name), string(p.text)]);
        const except = pattern.except === null ? -1 : item(pattern.except);
        return nodes.placeOf([nodeOp.data, string(pattern.type), string(label), except, ...parameters]);
      }
      case 'value':
        return nodes.placeOf([
          nodeOp.value,
          string(pattern.type),
          string(pattern.text),
          pattern.offered ? 1 : 0,
          ...pattern.also.map(string),
        ]);
    }
  };

  const start = node(grammar.start, '');
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    const row = elements[element(next)];
    invariant(row !== undefined, 'an element of the grammar has no row');
    row[1] = node(next.item, '');
  }
  return { strings, names: names.list, nodes: nodes.list, elements: elements.flat(), start };
}
