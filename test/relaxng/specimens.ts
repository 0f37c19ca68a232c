/** Documents made from a grammar, so many that each of its element and attribute patterns occurs in one. */
import { accepts } from '../../src/frontend/relaxng/derive.ts';
import { contains, type NameClass, type Pattern, type Patterns } from '../../src/frontend/relaxng/patterns.ts';
import { prefixes, type Dice, type TestNode } from './nodes.ts';

/** Values out of which one that fits is taken. */
const values = [
  'some-text', '/some/path', 'word', '1', '2', '0', '-1', '16', '5900', '0x1', '0x0a', '0xdeadbeef00000001', '0-3,^2',
  '52:54:00:12:34:56', '192.0.2.1', '::1', 'c7a5fdbd-edaf-9455-926a-d65c16db1809', 'MiB', '1.2', 'a b', '31', '7', 'switch0:link0', '0640',
]; // prettier-ignore

interface Content {
  readonly attributes: readonly (readonly [string, string])[];
  readonly children: readonly (TestNode | string)[];
}

const nothing: Content = { attributes: [], children: [] };

/** Makes the documents. */
export function specimens(patterns: Patterns, dice: Dice): readonly TestNode[] {
  const all = reachable(patterns);
  const missing = new Set(all);
  const documents: TestNode[] = [];
  while (missing.size > 0) {
    const before = missing.size;
    const [root] = fill(patterns, patterns.start, missing, dice, 0).children;
    if (root === undefined || typeof root === 'string' || missing.size === before)
      throw new Error(`${String(missing.size)} patterns are in no specimen`);
    documents.push(root);
  }
  return documents;
}

/** The element and attribute patterns of a grammar. */
export function reachable(patterns: Patterns): ReadonlySet<Pattern> {
  const found = new Set<Pattern>();
  const visit = (p: Pattern): void => {
    if (p.kind === 'element' || p.kind === 'attribute') {
      if (found.has(p)) return;
      found.add(p);
      if (p.kind === 'element') visit(patterns.contentOf(p.element));
    } else inner(p).forEach(visit);
  };
  visit(patterns.start);
  return found;
}

function inner(p: Pattern): readonly Pattern[] {
  if (p.kind === 'choice' || p.kind === 'group' || p.kind === 'interleave') return p.items;
  return p.kind === 'oneOrMore' || p.kind === 'list' ? [p.item] : [];
}

/** Tells whether a pattern leads to one that is missing yet. */
function gains(patterns: Patterns, p: Pattern, missing: ReadonlySet<Pattern>, seen = new Set<Pattern>()): boolean {
  if (missing.has(p)) return true;
  if (p.kind !== 'element') return inner(p).some((item) => gains(patterns, item, missing, seen));
  if (seen.has(p)) return false;
  seen.add(p);
  return gains(patterns, patterns.contentOf(p.element), missing, seen);
}

function fill(patterns: Patterns, p: Pattern, missing: Set<Pattern>, dice: Dice, depth: number): Content {
  const part = (item: Pattern): Content => fill(patterns, item, missing, dice, depth);
  switch (p.kind) {
    case 'choice': {
      const useful = depth > 12 ? [] : p.items.filter((item) => gains(patterns, item, missing));
      const short = p.items.filter((item) => item.nullable);
      const open = useful.length > 0 ? useful : depth > 6 && short.length > 0 ? short : p.items;
      return part(open[dice(open.length)] ?? p);
    }
    case 'group':
      return join(p.items.map(part));
    case 'interleave':
      return join(shuffled(p.items, dice).map(part));
    case 'oneOrMore': {
      const parts = [part(p.item)];
      while (parts.length < 30 && gains(patterns, p.item, missing) && depth < 12) parts.push(part(p.item));
      return join(p.hasAttributes ? parts.slice(0, 1) : parts);
    }
    case 'element': {
      missing.delete(p);
      const content = fill(patterns, patterns.contentOf(p.element), missing, dice, depth + 1);
      return { attributes: [], children: [{ name: nameOf(p.name), ...content }] };
    }
    case 'attribute':
      missing.delete(p);
      return { attributes: [[nameOf(p.name), valueFor(patterns, p.item, dice)]], children: [] };
    case 'text':
    case 'data':
    case 'value':
    case 'list':
      return { attributes: [], children: [valueFor(patterns, p, dice)] };
    default:
      return nothing;
  }
}

function join(parts: readonly Content[]): Content {
  return {
    attributes: parts.flatMap(({ attributes }) => attributes),
    children: parts.flatMap(({ children }) => children),
  };
}

function shuffled<T>(items: readonly T[], dice: Dice): readonly T[] {
  const rest = [...items];
  const result: T[] = [];
  while (rest.length > 0) result.push(...rest.splice(dice(rest.length), 1));
  return result;
}

function valueFor(patterns: Patterns, p: Pattern, dice: Dice): string {
  const words: string[] = [];
  const collect = (item: Pattern): void => {
    if (item.kind === 'value') words.push(item.text);
    inner(item).forEach(collect);
  };
  collect(p);
  const fitting = [...words, ...values].filter((value) => accepts(patterns, p, value));
  const value = fitting[dice(fitting.length)];
  if (value === undefined) throw new Error(`no value for a pattern of kind ${p.kind}`);
  return value;
}

function nameOf(names: NameClass): string {
  if (names.kind === 'name') {
    const prefix = Object.keys(prefixes).find((key) => prefixes[key] === names.namespace);
    return prefix === undefined ? names.local : `${prefix}:${names.local}`;
  }
  const prefix = Object.keys(prefixes).find((key) => contains(names, prefixes[key] ?? '', 'thing'));
  return contains(names, '', 'thing') ? 'thing' : `${prefix ?? 'x'}:thing`;
}
