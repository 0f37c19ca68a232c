/** The degree of each part of a document: what the grammar says of the element or the attribute that it is. */
import { judgementFor, readRules, type DegreeRule, type Judgement } from './relaxng/degree.ts';
import table from './schema/degrees.gen.json' with { type: 'json' };
import { childElements, type XmlAttribute, type XmlElement, type XmlName } from './xml/tree.ts';

/** The degrees of a document's parts; those that the grammar does not know have none. */
export type Degrees = ReadonlyMap<XmlElement | XmlAttribute, Judgement>;

/** What has to be true of an attribute for a part to be the one that is meant. */
interface Condition {
  readonly name: string;
  readonly words: readonly string[];
  /** True where the attribute may be absent. */
  readonly open: boolean;
}

interface AttributePart {
  readonly name: string;
  readonly rules: readonly DegreeRule[];
  readonly conditions: readonly Condition[];
}

interface ElementPart {
  readonly row: number;
  readonly conditions: readonly Condition[];
}

/** An element pattern of the grammar. */
interface Row {
  readonly rules: readonly DegreeRule[];
  readonly attributes: readonly AttributePart[];
  readonly children: readonly ElementPart[];
}

const used: Judgement = { degree: 'used', notYet: false, help: null };

/** The rows that some document has needed: one document needs few of them. */
const rows = new Map<number, Row>();

function rowAt(index: number): Row {
  const known = rows.get(index);
  if (known !== undefined) return known;
  const row = readRow(table[index] ?? '');
  rows.set(index, row);
  return row;
}

/** Looks up all parts of a document. */
export function degreesOf(root: XmlElement): Degrees {
  const found = new Map<XmlElement | XmlAttribute, Judgement>();
  const pending: [XmlElement, readonly Row[], Judgement][] = [[root, [rowAt(0)], used]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [element, candidates, outer] = next;
    const [first] = candidates;
    if (first === undefined) continue;
    const judgement = judgementFor(first.rules, (value) => holds(element, value), outer);
    found.set(element, judgement);
    for (const attribute of element.attributes) {
      const key = keyOf(attribute.name);
      const parts = candidates.flatMap((row) => row.attributes).filter(({ name }) => name === key || name === '*');
      const [part] = fitting(element, parts);
      const isValue = (value: string): boolean => value === attribute.value.trim();
      if (part !== undefined) found.set(attribute, judgementFor(part.rules, isValue, judgement));
    }
    for (const child of childElements(element)) {
      const key = keyOf(child.name);
      const named = ({ row }: ElementPart): boolean => isNamed(row, key) || isNamed(row, '*');
      const parts = fitting(element, candidates.flatMap((row) => row.children).filter(named));
      pending.push([child, parts.map(({ row }) => rowAt(row)), judgement]);
    }
  }
  return found;
}

function isNamed(row: number, key: string): boolean {
  return table[row]?.startsWith(`${key}\n`) === true;
}

/** `NAME=VALUE` of an element's own attributes. */
function holds(element: XmlElement, text: string): boolean {
  const [name, value] = text.split('=');
  return element.attributes.some((attribute) => attribute.name.local === name && attribute.value.trim() === value);
}

/** The parts whose conditions are true; all of them where none is, as in a document with another mistake. */
function fitting<P extends { readonly conditions: readonly Condition[] }>(
  element: XmlElement,
  parts: readonly P[],
): readonly P[] {
  if (parts.length < 2) return parts;
  const right = parts.filter(({ conditions }) =>
    conditions.every(({ name, words, open }) => {
      const value = element.attributes.find((attribute) => keyOf(attribute.name) === name)?.value.trim();
      return value === undefined ? open : words.includes(value);
    }),
  );
  return right.length === 0 ? parts : right;
}

function keyOf({ namespace, local }: XmlName): string {
  return namespace === '' ? local : `{${namespace}}${local}`;
}

/** The name is not in it: it is looked at where the row may never be read. */
function readRow(text: string): Row {
  const [, rules = '', ...parts] = text.split('\n');
  const cut = parts.map((part) => part.split('\t'));
  return {
    rules: readRules(rules),
    attributes: cut.flatMap(([head = '', text = '', ...conditions]) =>
      head.startsWith('@')
        ? [{ name: head.slice(1), rules: readRules(text), conditions: conditions.map(readCondition) }]
        : [],
    ),
    children: cut.flatMap(([head = '', ...conditions]) =>
      head.startsWith('#') ? [{ row: Number(head.slice(1)), conditions: conditions.map(readCondition) }] : [],
    ),
  };
}

function readCondition(text: string): Condition {
  const open = text.startsWith('?');
  const [name = '', words = ''] = text.slice(open ? 1 : 0).split('=');
  return { name, words: words.split('|'), open };
}
