/**
 * One text out of the .rng files of a grammar, without annotations: what xmllint reads. Optional attributes that stand
 * side by side are put into an interleave, which means the same: libxml2 looks at each optional pattern with and without
 * it, so that ten of them in a row are a thousand cases, but settles on one case after each part of an interleave.
 */
import { invariant } from '../../diagnostics/invariant.ts';
import { textOf, type XmlElement } from '../xml/tree.ts';
import { rngChildren, rngNamespace } from './grammar.ts';

type Read = (file: string) => XmlElement;

/** Joins the grammar that begins in the file `main`; `read` gives the tree of a file. */
export function flattenGrammar(main: string, read: Read): string {
  const root = read(main);
  return `<grammar xmlns="${rngNamespace}"${attributes(root)}>${content(root, read)}</grammar>\n`;
}

function content(element: XmlElement, read: Read): string {
  const children = rngChildren(element);
  if (children.length === 0) return escape(textOf(element).trim());
  let text = '';
  let run: XmlElement[] = [];
  const endRun = (): void => {
    const patterns = run.map((child) => one(child, read)).join('');
    text += run.length > 1 ? `<interleave>${patterns}</interleave>` : patterns;
    run = [];
  };
  for (const child of children) {
    if (isOptionalAttribute(child) && isSequence(element)) {
      run.push(child);
      continue;
    }
    endRun();
    text += child.name.local === 'include' ? included(child, read) : one(child, read);
  }
  endRun();
  return text;
}

function isOptionalAttribute(element: XmlElement): boolean {
  const [first, ...others] = rngChildren(element);
  return element.name.local === 'optional' && first?.name.local === 'attribute' && others.length === 0;
}

/** Tells whether the patterns inside an element follow one another. */
function isSequence(element: XmlElement): boolean {
  return ['element', 'group', 'define'].includes(element.name.local);
}

/** A `div` keeps the attributes that the included file's `grammar` passes on. */
function included(element: XmlElement, read: Read): string {
  const href = element.attributes.find((a) => a.name.local === 'href');
  invariant(href !== undefined, '<include> without href');
  const root = read(href.value);
  return `<div${attributes(root)}>${content(root, read)}</div>`;
}

function one(element: XmlElement, read: Read): string {
  const { local } = element.name;
  const isText = local === 'param' || local === 'value' || local === 'name';
  const inner = isText ? escape(textOf(element)) : content(element, read);
  return inner === '' ? `<${local}${attributes(element)}/>` : `<${local}${attributes(element)}>${inner}</${local}>`;
}

function attributes(element: XmlElement): string {
  return element.attributes
    .filter(({ name }) => name.namespace === '')
    .map((a) => ` ${a.name.local}="${escape(a.value)}"`)
    .join('');
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
