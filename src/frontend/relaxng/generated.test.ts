/** What is made from the grammar is current, and the grammar documents all that it has. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { generatedSchema } from '../../../scripts/generate-schema.mjs';
import { childElements } from '../xml/tree.ts';
import { readRng } from './generate.ts';
import { rngChildren } from './grammar.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const schema = path.join(root, 'src/frontend/schema');
const files = readdirSync(schema).filter((name) => name.endsWith('.rng') && !name.includes('.gen.'));

test('the generated files are current', async () => {
  const { json, degrees, flat, markdown } = await generatedSchema();
  expect(readFileSync(path.join(root, 'docs/domain-xml.md'), 'utf8') === markdown).toBe(true);
  expect(readFileSync(path.join(schema, 'grammar.gen.json'), 'utf8') === json).toBe(true);
  expect(readFileSync(path.join(schema, 'degrees.gen.json'), 'utf8') === degrees).toBe(true);
  expect(readFileSync(path.join(schema, 'domain.flat.gen.rng'), 'utf8') === flat).toBe(true);
});

test('every element and attribute pattern has a sentence of documentation', () => {
  const bare: string[] = [];
  for (const file of files) {
    const pending = [readRng(file, readFileSync(path.join(schema, file), 'utf8'))];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      pending.push(...rngChildren(next));
      const name = next.attributes.find((a) => a.name.local === 'name')?.value;
      if (name === undefined || !['element', 'attribute'].includes(next.name.local)) continue;
      const documentation = childElements(next).find((child) => child.name.local === 'documentation');
      if (documentation === undefined) bare.push(`${file}: ${name}`);
    }
  }
  expect(bare).toEqual([]);
});

test('every element and attribute pattern has a degree, and one that holds for all other values', () => {
  const bare: string[] = [];
  let count = 0;
  for (const file of files) {
    const pending = [readRng(file, readFileSync(path.join(schema, file), 'utf8'))];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      pending.push(...rngChildren(next));
      if (!['element', 'attribute'].includes(next.name.local)) continue;
      count += 1;
      const found = childElements(next).filter((child) => child.name.local === 'degree');
      const open = found.filter(({ attributes }) => attributes.every(({ name }) => name.local !== 'of'));
      if (open.length !== 1) bare.push(`${file}: ${nameOf(next)}`);
    }
  }
  expect(bare).toEqual([]);
  expect(count).toBeGreaterThan(1300);
});

test('no interleave stands inside another one, which libxml2 gets wrong', () => {
  const text = readFileSync(path.join(schema, 'domain.flat.gen.rng'), 'utf8');
  const tree = readRng('flat', text);
  const defines = new Map(
    [tree, ...rngChildren(tree)].flatMap(rngChildren).filter((e) => e.name.local === 'define').map((e) => [nameOf(e), e]),
  ); // prettier-ignore
  const nested: string[] = [];
  const visit = (element: typeof tree, inside: string | null, way: readonly string[]): void => {
    const { local } = element.name;
    if (local === 'ref') {
      const target = defines.get(nameOf(element));
      if (target !== undefined)
        for (const child of rngChildren(target)) visit(child, inside, [...way, nameOf(element)]);
      return;
    }
    const holdsElements = local === 'interleave' && rngChildren(element).some((child) => !isAttribute(child));
    if (holdsElements && inside !== null) nested.push([...way, inside].join(' > '));
    if (local === 'element') return;
    for (const child of rngChildren(element)) visit(child, holdsElements ? way.join(' > ') : inside, way);
  };
  for (const define of defines.values())
    for (const element of elementsIn(define))
      for (const child of rngChildren(element)) visit(child, null, [nameOf(define), nameOf(element)]);
  expect(defines.size).toBeGreaterThan(100);
  expect([...new Set(nested)]).toEqual([]);
});

type Tree = ReturnType<typeof readRng>;

function nameOf(element: Tree): string {
  return element.attributes.find((a) => a.name.local === 'name')?.value ?? '';
}

function isAttribute(element: Tree): boolean {
  return element.name.local === 'optional' && rngChildren(element).every((child) => child.name.local === 'attribute');
}

function elementsIn(element: Tree): readonly Tree[] {
  return rngChildren(element).flatMap((child) => [
    ...(child.name.local === 'element' ? [child] : []),
    ...elementsIn(child),
  ]);
}
