/**
 * A grammar as its .rng files write it, includes resolved (RELAX NG specification, section 4). Used when the compiled
 * form and the documentation are made, not by the compiler itself.
 */
import { invariant } from '../../diagnostics/invariant.ts';
import { childElements, textOf, type XmlElement } from '../xml/tree.ts';
import { collapse, isKnownDatatype, type Facet } from './datatypes.ts';
import { readDegree, type DegreeRule } from './degree.ts';
import type { NameClass } from './patterns.ts';

/** The namespace of RELAX NG. */
export const rngNamespace = 'http://relaxng.org/ns/structure/1.0';
const annotations = 'http://relaxng.org/ns/compatibility/annotations/1.0';
/** What only we know of a pattern: `b:offer`, `b:also` at a value, `<b:degree>` of elements and attributes. */
const ours = 'https://bhyvec.org/xmlns/grammar/1.0';

/** A pattern as written. */
export type Rng =
  | { readonly kind: 'empty' | 'notAllowed' | 'text' }
  | { readonly kind: 'choice' | 'group' | 'interleave'; readonly items: readonly Rng[] }
  | { readonly kind: 'optional' | 'zeroOrMore' | 'oneOrMore' | 'list'; readonly item: Rng }
  | { readonly kind: 'ref'; readonly name: string }
  | RngElement
  | RngAttribute
  | { readonly kind: 'data'; readonly type: string; readonly parameters: readonly Facet[]; readonly except: Rng | null }
  | RngValue;

/** A word that is accepted. */
export interface RngValue {
  readonly kind: 'value';
  readonly type: string;
  readonly text: string;
  /** False for a word that is libvirt's, but that bhyve cannot do: it is not offered in the place of another one. */
  readonly offered: boolean;
  /** Words that people write for it. */
  readonly also: readonly string[];
}

/** An element pattern; `file` is the .rng file that it stands in. */
export interface RngElement {
  readonly kind: 'element';
  readonly names: NameClass;
  readonly item: Rng;
  readonly documentation: string;
  readonly degrees: readonly DegreeRule[];
  readonly file: string;
}

/** An attribute pattern. */
export interface RngAttribute {
  readonly kind: 'attribute';
  readonly names: NameClass;
  readonly item: Rng;
  readonly documentation: string;
  readonly degrees: readonly DegreeRule[];
}

/** A named pattern. */
export interface Define {
  readonly pattern: Rng;
  readonly documentation: string;
  readonly file: string;
}

/** A grammar with everything it includes. */
export interface Grammar {
  readonly start: Rng;
  readonly defines: ReadonlyMap<string, Define>;
  /** The files in the order in which they are included, the main one first, each with its documentation. */
  readonly files: ReadonlyMap<string, string>;
}

/** What an element passes on to those inside it. */
interface Context {
  readonly file: string;
  readonly namespace: string;
  readonly library: string;
}

/** Reads the grammar that begins in the file `main`; `read` gives the tree of a file. */
export function loadGrammar(main: string, read: (file: string) => XmlElement): Grammar {
  const defines = new Map<string, Define>();
  const files = new Map<string, string>();
  const starts: Rng[] = [];

  const define = (element: XmlElement, context: Context): void => {
    const name = need(element, 'name');
    const before = defines.get(name);
    const pattern = sequence(element, inside(element, context));
    const combine = attributeOf(element, 'combine');
    invariant(before === undefined || combine !== null, `${context.file}: ${name} is defined twice`);
    const joined: Rng =
      before === undefined
        ? pattern
        : { kind: combine === 'interleave' ? 'interleave' : 'choice', items: [before.pattern, pattern] };
    const documentation = before?.documentation ?? documentationOf(element);
    defines.set(name, { pattern: joined, documentation, file: before?.file ?? context.file });
  };
  const parts = (grammar: XmlElement, context: Context): void => {
    for (const element of rngChildren(grammar)) {
      if (element.name.local === 'include') file(need(element, 'href'));
      else if (element.name.local === 'define') define(element, context);
      else if (element.name.local === 'div') parts(element, inside(element, context));
      else {
        invariant(element.name.local === 'start', `${context.file}: <${element.name.local}> in a grammar`);
        starts.push(sequence(element, inside(element, context)));
      }
    }
  };
  const file = (name: string): void => {
    invariant(!files.has(name), `${name} is included twice`);
    const root = read(name);
    invariant(root.name.local === 'grammar' && root.name.namespace === rngNamespace, `${name} is not a grammar`);
    files.set(name, documentationOf(root));
    parts(root, inside(root, { file: name, namespace: '', library: '' }));
  };

  file(main);
  const [start] = starts;
  invariant(start !== undefined && starts.length === 1, `${main} needs one <start>`);
  return { start, defines, files };
}

/** The elements of RELAX NG itself inside another one; annotations are left out. */
export function rngChildren(element: XmlElement): readonly XmlElement[] {
  return childElements(element).filter((child) => child.name.namespace === rngNamespace);
}

function attributeOf(element: XmlElement, name: string): string | null {
  return element.attributes.find((a) => a.name.local === name && a.name.namespace === '')?.value ?? null;
}

function need(element: XmlElement, name: string): string {
  const value = attributeOf(element, name);
  invariant(value !== null, `<${element.name.local}> in a grammar needs the attribute ${name}`);
  return collapse(value);
}

function inside(element: XmlElement, context: Context): Context {
  return {
    file: context.file,
    namespace: attributeOf(element, 'ns') ?? context.namespace,
    library: attributeOf(element, 'datatypeLibrary') ?? context.library,
  };
}

function documentationOf(element: XmlElement): string {
  const found = childElements(element).filter(
    (c) => c.name.namespace === annotations && c.name.local === 'documentation',
  );
  return found.map((child) => collapse(textOf(child))).join(' ');
}

function degreesOf(element: XmlElement): readonly DegreeRule[] {
  return childElements(element)
    .filter(({ name }) => name.namespace === ours && name.local === 'degree')
    .map((child) => {
      const [of, by, help] = ['of', 'by', 'help'].map((name) => attributeOf(child, name));
      return readDegree(collapse(textOf(child)), { of: of ?? null, by: by ?? null, help: help ?? null });
    });
}

function sequence(element: XmlElement, context: Context, from = 0): Rng {
  const items = rngChildren(element)
    .slice(from)
    .map((child) => pattern(child, inside(child, context)));
  const [first] = items;
  if (first === undefined) return { kind: 'empty' };
  return items.length === 1 ? first : { kind: 'group', items };
}

function several(kind: 'choice' | 'group' | 'interleave', element: XmlElement, context: Context): Rng {
  return { kind, items: rngChildren(element).map((child) => pattern(child, inside(child, context))) };
}

function pattern(element: XmlElement, context: Context): Rng {
  const { local } = element.name;
  switch (local) {
    case 'empty':
    case 'notAllowed':
    case 'text':
      return { kind: local };
    case 'choice':
    case 'group':
    case 'interleave':
      return several(local, element, context);
    case 'optional':
    case 'zeroOrMore':
    case 'oneOrMore':
    case 'list':
      return { kind: local, item: sequence(element, context) };
    case 'mixed':
      return { kind: 'interleave', items: [sequence(element, context), { kind: 'text' }] };
    case 'ref':
      return { kind: 'ref', name: need(element, 'name') };
    case 'element': {
      const { names, from } = namesOf(element, context);
      const item = sequence(element, context, from);
      const degrees = degreesOf(element);
      return { kind: 'element', names, item, documentation: documentationOf(element), degrees, file: context.file };
    }
    case 'attribute': {
      // An attribute has no namespace unless it says so itself (section 4.8 and 4.10).
      const { names, from } = namesOf(element, { ...context, namespace: attributeOf(element, 'ns') ?? '' });
      const isBare = rngChildren(element).length === from;
      const item: Rng = isBare ? { kind: 'text' } : sequence(element, context, from);
      return { kind: 'attribute', names, item, documentation: documentationOf(element), degrees: degreesOf(element) };
    }
    case 'data':
      return data(element, context);
    case 'value': {
      const type = attributeOf(element, 'type') ?? 'token';
      invariant(type === 'token' || type === 'string', `${context.file}: a value of type ${type}`);
      const note = (name: string): string =>
        element.attributes.find((a) => a.name.local === name && a.name.namespace === ours)?.value ?? '';
      const also = note('also').split(' ').filter((word) => word !== ''); // prettier-ignore
      return { kind: 'value', type, text: textOf(element), offered: note('offer') !== 'no', also };
    }
    default:
      invariant(false, `${context.file}: <${local}> is not supported in a grammar`);
  }
}

function data(element: XmlElement, context: Context): Rng {
  const type = need(element, 'type');
  const children = rngChildren(element);
  const parameters = children
    .filter((child) => child.name.local === 'param')
    .map((child) => ({ name: need(child, 'name'), text: textOf(child) }));
  invariant(isKnownDatatype(type, parameters), `${context.file}: datatype ${type} is not supported as used`);
  invariant(
    context.library === 'http://www.w3.org/2001/XMLSchema-datatypes' || type === 'string' || type === 'token',
    `${context.file}: no datatype library for ${type}`,
  );
  const except = children.find((child) => child.name.local === 'except');
  return { kind: 'data', type, parameters, except: except === undefined ? null : several('choice', except, context) };
}

function namesOf(element: XmlElement, context: Context): { readonly names: NameClass; readonly from: number } {
  const name = attributeOf(element, 'name');
  if (name !== null) return { names: nameClass(collapse(name), context), from: 0 };
  const first = rngChildren(element)[0];
  invariant(first !== undefined, `${context.file}: <${element.name.local}> without a name`);
  return { names: nameClassOf(first, inside(first, context)), from: 1 };
}

function nameClass(local: string, context: Context): NameClass {
  invariant(!local.includes(':'), `${context.file}: write the attribute ns instead of a prefix (${local})`);
  return { kind: 'name', namespace: context.namespace, local };
}

function nameClassOf(element: XmlElement, context: Context): NameClass {
  const items = rngChildren(element);
  const listed = (from: readonly XmlElement[]): readonly NameClass[] =>
    from.map((child) => nameClassOf(child, inside(child, context)));
  const [exception] = items.filter((child) => child.name.local === 'except');
  const except: NameClass | null =
    exception === undefined ? null : { kind: 'choice', items: listed(rngChildren(exception)) };
  switch (element.name.local) {
    case 'name':
      return nameClass(collapse(textOf(element)), context);
    case 'anyName':
      return { kind: 'any', except };
    case 'nsName':
      return { kind: 'namespace', namespace: context.namespace, except };
    default:
      invariant(element.name.local === 'choice', `${context.file}: <${element.name.local}> is no name class`);
      return { kind: 'choice', items: listed(items) };
  }
}
