/** The degree of each part of a document: what the grammar says of the element or the attribute that it is. */
import { ownNamespace } from './elements/metadata.ts';
import { judgementFor, readRules, type DegreeRule, type Judgement } from './relaxng/degree.ts';
import table from './schema/degrees.gen.json' with { type: 'json' };
import { childElements, textOf, type XmlAttribute, type XmlElement, type XmlName } from './xml/tree.ts';

/** The degrees of a document's parts; those that the grammar does not know have none. */
export type Degrees = ReadonlyMap<XmlElement | XmlAttribute, Judgement>;

/** A part of a row: an attribute with its rules, or a child element with its row; and what has to hold of its element. */
interface Part {
  readonly text: string;
  readonly conditions: readonly Condition[];
}

/** What the value of an attribute has to be. */
interface Condition {
  readonly attribute: string;
  readonly mayBeAbsent: boolean;
  readonly words: readonly string[];
}

/** A row of the table. */
interface Row {
  readonly name: string;
  readonly rules: readonly DegreeRule[];
  readonly lines: readonly string[];
  /** The parts that some document has asked for, by mark and name. */
  readonly parts: Map<string, readonly Part[]>;
}

const used: Judgement = { degree: 'used', notYet: false, help: null };

/** The rows of what a document can be, `relaxng/degree-table.ts`: a domain, a network, a pool, a volume. */
const rootRows = ['0', '1', '2', '3'];

/** The rows that some document has needed, and the rules: one document needs few of them, and the next one the same. */
const rows = new Map<string, Row>();
const rules = new Map<string, readonly DegreeRule[]>();

function rowAt(index: string): Row {
  const known = rows.get(index);
  if (known !== undefined) return known;
  const [name = '', text = '', ...lines] = (table[Number(index)] ?? '').split('\n');
  const row: Row = { name, rules: rulesAt(text), lines, parts: new Map() };
  rows.set(index, row);
  return row;
}

function rulesAt(text: string): readonly DegreeRule[] {
  const known = rules.get(text);
  if (known !== undefined) return known;
  const read = readRules(text);
  rules.set(text, read);
  return read;
}

/**
 * Looks up all parts of a document. `ownHelp` is what to do about an element of bhyvec's own namespace that comes to nothing, where
 * the dialect decides that and not the rest of the document. This runs for the first document, on code that no compiler has seen yet: only what the
 * document has is read.
 */
export function degreesOf(root: XmlElement, ownHelp: string | null = null): Degrees {
  const found = new Map<XmlElement | XmlAttribute, Judgement>();
  const pending: [XmlElement, readonly Row[], Judgement][] = [[root, [rootRow(root)], used]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [element, candidates, outer] = next;
    const [first] = candidates;
    if (first === undefined) continue;
    const given = judgementFor(first.rules, (value) => holds(element, value), outer);
    const isOwn = ownHelp !== null && given.degree === 'used' && element.name.namespace === ownNamespace;
    const judgement = isOwn ? { ...given, help: ownHelp } : given;
    found.set(element, judgement);
    for (const attribute of element.attributes) {
      const [part] = fitting(element, partsNamed(candidates, '@', attribute.name));
      const isValue = (value: string): boolean => value === attribute.value.trim();
      if (part !== undefined) found.set(attribute, judgementFor(rulesAt(part.text), isValue, judgement));
    }
    for (const child of childElements(element)) {
      const parts = fitting(element, partsNamed(candidates, '#', child.name));
      pending.push([child, parts.map(({ text }) => rowAt(text)), judgement]);
    }
  }
  return found;
}

/** The row of a document's element; that of a domain where it is none that the grammar knows. */
function rootRow({ name }: XmlElement): Row {
  for (const index of rootRows) if (rowAt(index).name === keyOf(name)) return rowAt(index);
  return rowAt('0');
}

/** The parts of that name, of its namespace, or of any name. */
function partsNamed(candidates: readonly Row[], mark: '@' | '#', name: XmlName): readonly Part[] {
  const [first, ...others] = candidates;
  if (first === undefined) return [];
  const parts = partsOf(first, mark, name);
  return others.length === 0 ? parts : [...parts, ...others.flatMap((row) => partsOf(row, mark, name))];
}

function partsOf(row: Row, mark: '@' | '#', name: XmlName): readonly Part[] {
  const key = `${mark}${keyOf(name)}`;
  const known = row.parts.get(key);
  if (known !== undefined) return known;
  const [own, any] = [`${key}\t`, `${mark}*\t`];
  const akin = name.namespace === '' ? any : `${mark}{${name.namespace}}*\t`;
  const lines = row.lines.filter((line) => line.startsWith(own) || line.startsWith(any) || line.startsWith(akin));
  const parts = lines.map(partIn);
  // Names that the grammar does not have are without number.
  if (lines.some((line) => line.startsWith(own))) row.parts.set(key, parts);
  return parts;
}

function partIn(line: string): Part {
  const [, text = '', ...conditions] = line.split('\t');
  return { text, conditions: conditions.map(conditionIn) };
}

function conditionIn(text: string): Condition {
  const mayBeAbsent = text.startsWith('?');
  const [attribute = '', words = ''] = text.slice(mayBeAbsent ? 1 : 0).split('=');
  return { attribute, mayBeAbsent, words: words.split('|') };
}

/** `NAME=VALUE` of an element's own attributes, or its text. */
function holds(element: XmlElement, text: string): boolean {
  const [name, value] = text.split('=');
  if (value === undefined) return textOf(element).trim() === name;
  return element.attributes.some((attribute) => attribute.name.local === name && attribute.value.trim() === value);
}

/** The parts whose conditions are true; all of them where none is, as in a document with another mistake. */
function fitting(element: XmlElement, parts: readonly Part[]): readonly Part[] {
  if (parts.length < 2) return parts;
  const right = parts.filter(({ conditions }) => conditions.every((condition) => isTrue(element, condition)));
  return right.length === 0 ? parts : right;
}

function isTrue(element: XmlElement, { attribute, mayBeAbsent, words }: Condition): boolean {
  const value = element.attributes.find(({ name }) => keyOf(name) === attribute)?.value.trim();
  return value === undefined ? mayBeAbsent : words.includes(value);
}

function keyOf({ namespace, local }: XmlName): string {
  return namespace === '' ? local : `{${namespace}}${local}`;
}
