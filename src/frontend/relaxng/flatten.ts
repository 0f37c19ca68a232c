/** One text out of the .rng files of a grammar, without annotations: what xmllint reads. */
import { invariant } from '../../diagnostics/invariant.ts';
import { textOf, type XmlElement } from '../xml/tree.ts';
import { rngChildren, rngNamespace } from './grammar.ts';

/** Joins the grammar that begins in the file `main`; `read` gives the tree of a file. */
export function flattenGrammar(main: string, read: (file: string) => XmlElement): string {
  const root = read(main);
  return `<grammar xmlns="${rngNamespace}"${attributes(root)}>${content(root, read)}</grammar>\n`;
}

function content(element: XmlElement, read: (file: string) => XmlElement): string {
  const children = rngChildren(element);
  if (children.length === 0) return escape(textOf(element).trim());
  return children.map((child) => (child.name.local === 'include' ? included(child, read) : one(child, read))).join('');
}

/** A `div` keeps the attributes that the included file's `grammar` passes on. */
function included(element: XmlElement, read: (file: string) => XmlElement): string {
  const href = element.attributes.find((a) => a.name.local === 'href');
  invariant(href !== undefined, '<include> without href');
  const root = read(href.value);
  return `<div${attributes(root)}>${content(root, read)}</div>`;
}

function one(element: XmlElement, read: (file: string) => XmlElement): string {
  const { local } = element.name;
  const isText = local === 'param' || local === 'value' || local === 'name';
  const inner = isText ? escape(textOf(element)) : content(element, read);
  return inner === '' ? `<${local}${attributes(element)}/>` : `<${local}${attributes(element)}>${inner}</${local}>`;
}

function attributes(element: XmlElement): string {
  return element.attributes.map((a) => ` ${a.name.local}="${escape(a.value)}"`).join('');
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
