/** Documents changed at one place, mostly for the worse. */
import type { Dice, TestNode } from './nodes.ts';

const values = [
  '', ' ', 'x', '-1', '0', '1', ' 1 ', '+1', '007', '0x10', '0x1F', '32', '256', '65536', '4294967296', '1.5', 'yes', 'No',
  'on', 'a b', '/dev/x', '99999999999999999999', 'virtio', 'pci', 'file', 'block', '52:54:00:00:00:01', 'KIB', '%%X%%',
  'caf\u00e9', 'a\tb', 'a\nb', ' virtio ', 'usb', 'nmdm', 'tcp', 'unix', 'network', 'drive', 'vnc', 'pty', 'sata',
]; // prettier-ignore

/** A place in a document: the way to a node from the root, by indexes of children. */
type Path = readonly number[];

/** Changes a document at a place that the dice choose. */
export function mutant(root: TestNode, dice: Dice): TestNode {
  const places = paths(root);
  const pick = <T>(items: readonly T[], other: T): T => items[dice(items.length)] ?? other;
  const path = pick(places, []);
  const donor = at(root, pick(places, []));
  const change = (node: TestNode): TestNode => {
    const { attributes, children } = node;
    const index = dice(Math.max(1, attributes.length));
    const child = dice(Math.max(1, children.length));
    const [name = 'x', value = ''] = attributes[index] ?? [];
    const [otherName = 'x', otherValue = ''] = donor.attributes[dice(Math.max(1, donor.attributes.length))] ?? [];
    const isFree = (candidate: string): boolean => !attributes.some(([known]) => known === candidate);
    switch (dice(13)) {
      case 0:
        return { ...node, attributes: attributes.filter((_, i) => i !== index) };
      case 1:
      case 2:
        return attributes.length === 0
          ? node
          : { ...node, attributes: attributes.with(index, [name, pick(values, '')]) };
      case 3:
        return isFree(`${name}x`) && attributes.length > 0
          ? { ...node, attributes: attributes.with(index, [`${name}x`, value]) }
          : node;
      case 4:
        return isFree(otherName) ? { ...node, attributes: [...attributes, [otherName, otherValue]] } : node;
      case 5:
        return attributes.length === 0 ? node : { ...node, attributes: attributes.with(index, [name, otherValue]) };
      case 6:
        return { ...node, children: children.filter((_, i) => i !== child) };
      case 7: {
        const twin = children[child];
        return twin === undefined ? node : { ...node, children: children.toSpliced(child, 0, twin) };
      }
      case 8:
        return { ...node, children: children.toSpliced(child, 0, donor) };
      case 9:
        return { ...node, name: pick([`${node.name}x`, donor.name, 'x:odd', 'bhyve:arg'], node.name) };
      case 10:
        return { ...node, children: children.toSpliced(child, 0, pick(values, '')) };
      case 11:
        return { ...node, children: [pick(values, '')] };
      default:
        return { ...node, children: children.toReversed() };
    }
  };
  return replaced(root, path, change);
}

function paths(node: TestNode, path: Path = []): readonly Path[] {
  const below = node.children.flatMap((child, i) => (typeof child === 'string' ? [] : paths(child, [...path, i])));
  return [path, ...below];
}

function at(node: TestNode, path: Path): TestNode {
  const [first, ...rest] = path;
  const child = first === undefined ? undefined : node.children[first];
  return child === undefined || typeof child === 'string' ? node : at(child, rest);
}

function replaced(node: TestNode, path: Path, change: (node: TestNode) => TestNode): TestNode {
  const [first, ...rest] = path;
  if (first === undefined) return change(node);
  const children = node.children.map((child, i) =>
    i === first && typeof child !== 'string' ? replaced(child, rest, change) : child,
  );
  return { ...node, children };
}
