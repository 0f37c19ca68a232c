/** XML as the tests build and change it: plain nodes that are written out as text. */
import { displayName, type XmlElement } from '../../src/frontend/xml/tree.ts';

/** An element; names carry their prefixes. */
export interface TestNode {
  readonly name: string;
  readonly attributes: readonly (readonly [string, string])[];
  readonly children: readonly (TestNode | string)[];
}

/** The prefixes that the tests use, declared at the root of every document. */
export const prefixes: Readonly<Record<string, string>> = {
  bhyve: 'http://libvirt.org/schemas/domain/bhyve/1.0',
  bhyvec: 'https://bhyvec.org/xmlns/domain/1.0',
  net: 'https://bhyvec.org/xmlns/network/1.0',
  dnsmasq: 'http://libvirt.org/schemas/network/dnsmasq/1.0',
  vol: 'https://bhyvec.org/xmlns/volume/1.0',
  fs: 'http://libvirt.org/schemas/storagepool/fs/1.0',
  rbd: 'http://libvirt.org/schemas/storagepool/rbd/1.0',
  qemu: 'http://libvirt.org/schemas/domain/qemu/1.0',
  x: 'urn:example:x',
};

/** Numbers from 0 to below `limit`, the same ones for the same seed. */
export type Dice = (limit: number) => number;

/** Makes dice. */
export function createDice(seed: number): Dice {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  };
}

/** Writes a document. */
export function writeXml(root: TestNode): string {
  const declared = Object.entries(prefixes).map(([prefix, uri]) => [`xmlns:${prefix}`, uri] as const);
  return `${write({ ...root, attributes: [...root.attributes, ...declared] })}\n`;
}

function write(node: TestNode): string {
  const attributes = node.attributes.map(([name, value]) => ` ${name}="${escape(value)}"`).join('');
  if (node.children.length === 0) return `<${node.name}${attributes}/>`;
  const inner = node.children.map((child) => (typeof child === 'string' ? escape(child) : write(child)));
  const isText = node.children.some((child) => typeof child === 'string');
  return `<${node.name}${attributes}>${isText ? inner.join('') : `\n${inner.join('\n')}\n`}</${node.name}>`;
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/[\t\n\r]/g, (c) => `&#${String(c.charCodeAt(0))};`);
}

/** A parsed document as nodes; white space between elements is dropped. */
export function toNode(element: XmlElement): TestNode {
  const children: (TestNode | string)[] = [];
  for (const child of element.children) {
    if (child.kind === 'element') children.push(toNode(child));
    else if (child.text.trim() !== '') children.push(child.text);
  }
  return {
    name: displayName(element.name),
    attributes: element.attributes.map((a) => [displayName(a.name), a.value] as const),
    children,
  };
}
